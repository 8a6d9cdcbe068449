"""What notify answers about messages, channels and webhooks, and what it is asked."""

RESERVATION = "11111111-2222-4333-8444-555555555555"
MESSAGE = "99999999-2222-4333-8444-555555555555"
STARTS, ENDS = "2026-11-26T01:00:00+00:00", "2026-11-26T03:00:00+00:00"

TRY = {"started_at": STARTS, "ended_at": STARTS, "outcome": "accepted", "code": "250", "detail": "OK"}
DELIVERY = {
    "id": MESSAGE, "step": "requested", "arrival": None, "arrived_at": None, "fallback_of": None, "resendable": False,
    "tries": [TRY], "event_type": "ReservationRequested", "recipient": "manager-labs", "recipient_name": "王主管",
    "channel": "email",
    "state": "accepted", "attempts": 1, "reason": "", "created_at": STARTS, "accepted_at": STARTS,
}
UNDELIVERED = {
    "id": MESSAGE, "reservation": RESERVATION, "event_type": "ReservationApproved", "recipient": "lead01",
    "recipient_name": "林一", "channel": "wechat", "state": "dead", "attempts": 1, "reason": "recipient 43004",
    "created_at": STARTS, "fell_back": True, "resendable": True, "arrival": None, "step": "approved",
}
WEBHOOK = {
    "webhook": MESSAGE, "name": "MES", "url": "https://mes.example.org/hooks", "team": None, "team_name": None,
    "facts": ["ReservationApproved"], "active": True, "reason": None, "changed_at": None, "created_by": "admin",
    "created_at": STARTS, "last_accepted_at": STARTS, "waiting": 0, "dead": 1,
}
TOLD = {
    "id": MESSAGE, "event_type": "ReservationApproved", "reservation": RESERVATION, "version": 2, "state": "dead",
    "attempts": 19, "reason": "transient 500", "created_at": STARTS, "accepted_at": None, "due_at": None,
    "tries": [TRY],
}
NOTIFICATIONS = {
    "language": None, "timezone": "Asia/Shanghai", "quiet_from": "22:00", "quiet_until": "07:00", "digest": "none",
    "digest_at": "08:00", "digest_weekday": 1, "mandatory": ["urgent"], "bound": ["email", "wechat"],
    "switches": {
        category: {"email": True, "wechat": True, "wecom": True} for category in (
            "urgent", "requests", "decisions", "changes", "offers", "reminders", "check_in", "use", "maintenance",
            "qualifications", "quota", "reports")
    },
}
CHANNELS = {
    "items": [{
        "channel": "wechat", "state": "suspended", "reason": "unfollowed", "bound_at": STARTS, "suspended_at": ENDS,
        "hint": "…1234",
    }],
    "suppressed": {"reason": "550 5.1.1 unknown", "since": STARTS},
}
ANSWERS = {
    ("notify", "deliveries"): {"items": [DELIVERY]},
    ("notify", "undelivered"): {"items": [UNDELIVERED]},
    ("notify", "resend_delivery"): {"id": MESSAGE, "state": "pending"},
    ("notify", "webhooks"): {"items": [WEBHOOK]},
    ("notify", "webhook"): WEBHOOK,
    ("notify", "webhook_deliveries"): {"items": [TOLD]},
    ("notify", "add_webhook"): {"webhook": MESSAGE, "active": True, "secret": "whsec_secret"},
    ("notify", "switch_webhook"): {"webhook": MESSAGE, "active": False},
    ("notify", "rotate_webhook_secret"): {"webhook": MESSAGE, "changes": 1, "secret": "whsec_secret"},
    ("notify", "replay_webhook"): {"webhook": MESSAGE, "count": 1},
    ("notify", "notifications"): NOTIFICATIONS,
    ("notify", "choose_notifications"): NOTIFICATIONS,
    ("notify", "bindings"): CHANNELS,
    ("notify", "drop_binding"): {"channel": "wechat", "bound": False},
    ("notify", "confirm_address"): {"confirmed": True},
}
BODIES = {
    ("POST", "/api/v1/webhooks"): {"name": "MES", "url": "https://mes.example.org/hooks"},
    ("PUT", "/api/v1/me/notifications"): {"digest": "daily", "switches": {"reports": {"wechat": True}}},
}
QUERIES = {"/api/v1/deliveries": f"?reservation={RESERVATION}"}
VALUES = {
    "<code:channel>": "wechat", "<identifier:delivery>": MESSAGE, "<identifier:webhook>": MESSAGE,
}
