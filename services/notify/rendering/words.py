"""The words that all messages share, per language."""

LANGUAGES = ("zh-Hans", "en")

LABELS = {
    "zh-Hans": {
        "facility": "设施",
        "unit": "机位",
        "location": "地点",
        "time": "时间",
        "former": "原安排",
        "team": "团队",
        "project": "项目",
        "purpose": "用途",
        "requester": "申请人",
        "reason": "理由",
        "decide_by": "审批截止",
        "between": "：",
        "open": "查看预约",
        "base": "中试基地",
        "thread": "预约",
        "system": "系统",
        "beijing_time": "（北京时间）",
        "footer": "本邮件由中试基地预约系统自动发出，请勿直接回复；如有疑问，请在预约页面查看或联系设施管理员。",
    },
    "en": {
        "facility": "Facility",
        "unit": "Unit",
        "location": "Location",
        "time": "Time",
        "former": "Before",
        "team": "Team",
        "project": "Project",
        "purpose": "Purpose",
        "requester": "Requested by",
        "reason": "Reason",
        "decide_by": "Decide by",
        "between": ": ",
        "open": "Open the reservation",
        "base": "Pilot Base",
        "thread": "Reservation",
        "system": "the system",
        "beijing_time": " (Beijing time)",
        "footer": "Sent by the pilot base's reservation system; replies are not read. "
        "For questions, open the reservation or ask the facility's managers.",
    },
}

PHRASES = {
    "requested": "待审批",
    "approved": "已批准",
    "moved": "已改期",
    "rejected": "未批准",
    "withdrawn": "已撤回",
    "cancelled": "已取消",
    "expired": "已过期",
    "moved_by_base": "已改期",
    "cancelled_by_base": "已取消",
    "starts_soon": "即将开始",
    "check_in_open": "可以签到",
    "ends_soon": "即将结束",
}
"""The state on a WeChat card: its kind of field takes Chinese characters only, whatever the reader's language."""

WAITS_AGAIN = "改期待批"

COLOURS = {
    "requested": "#8a4b00",
    "approved": "#116329",
    "moved": "#0b4f9e",
    "rejected": "#a40e26",
    "withdrawn": "#57606a",
    "cancelled": "#a40e26",
    "expired": "#57606a",
    "moved_by_base": "#8a4b00",
    "cancelled_by_base": "#a40e26",
    "starts_soon": "#0b4f9e",
    "check_in_open": "#116329",
    "ends_soon": "#8a4b00",
}
"""The badge of a mail; each keeps white letters readable (WCAG AA)."""
