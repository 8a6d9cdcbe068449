"""What the services answer, as an example of each."""

from typing import Any

from tests.unit.portal import (
    calendar_examples,
    campaign_examples,
    contention_examples,
    import_examples,
    message_examples,
    replan_examples,
    swap_examples,
    waiting_examples,
    what_if_examples,
)

RESERVATION = "11111111-2222-4333-8444-555555555555"
TOKEN = "99999999-2222-4333-8444-555555555555"
STARTS, ENDS = "2026-11-26T01:00:00+00:00", "2026-11-26T03:00:00+00:00"


def an_identity(person: str = "lead01", **more: Any) -> dict[str, Any]:
    team = {"code": "team-01", "name": "星光芯片", "role": "lead", "company": "company-01"}
    return {
        "person": person, "name": "林一", "email": f"{person}@example.org", "language": "zh-Hans", "active": True,
        "roles": [], "manages": [], "teams": [team], "password_set_at": "2026-01-01T00:00:00+00:00", **more,
    }


def a_request(**more: Any) -> dict[str, Any]:
    """The body of POST reservations."""
    return {
        "facility": "LAB-1", "starts_at": "2026-11-26T09:00:00+08:00", "ends_at": "2026-11-26T11:00:00+08:00",
        "team": "team-01", "purpose": "老化试验", **more,
    }


def an_alternative(**more: Any) -> dict[str, Any]:
    return {"facility": "LAB-1", "unit": "C2", "starts_at": STARTS, "ends_at": ENDS, "why": "other_unit", **more}


STEP = {
    "id": RESERVATION, "state": "requested", "version": 1, "facility": "LAB-1", "unit": "C1", "starts_at": STARTS,
    "ends_at": ENDS, "decide_by": ENDS,
}
USED = {"checked_in_at": STARTS, "checked_out_at": None, "used_minutes": None}
FULL = {**STEP, **USED, "team": "team-01", "project": None, "purpose": "老化试验", "requester": "lead01"}
ATTACHMENT = {
    "id": TOKEN, "name": "plan.pdf", "type": "application/pdf", "size": 4, "sha256": "0" * 64, "added_by": "lead01",
    "added_at": STARTS,
}
HISTORY = {"version": 1, "action": "request", "actor": "lead01", "actor_name": "林一", "at": STARTS, "reason": ""}
SERIES_STEP = {
    "id": RESERVATION, "version": 1, "rule": "FREQ=WEEKLY;COUNT=2", "skipped": ["2026-12-03"], "members": [STEP],
}
SERIES = {
    "id": RESERVATION, "version": 1, "rule": "FREQ=WEEKLY;COUNT=2", "zone": "Asia/Shanghai", "first_date": "2026-11-26",
    "facility": "LAB-1", "unit": None, "clock": "09:00", "length_minutes": 120, "days_later": 0, "team": "team-01",
    "project": None, "purpose": "老化试验", "requester": "lead01", "allowed_actions": ["move", "cancel", "add"],
    "members": [{**FULL, "series_date": "2026-11-26", "allowed_actions": ["move"]}],
    "open_dates": [{"date": "2026-12-03", "starts_at": STARTS, "ends_at": ENDS, "skipped": True}],
}
DATES_CHECKED = {
    "rule": "FREQ=WEEKLY;COUNT=2", "zone": "Asia/Shanghai", "dates": [{
        "date": "2026-11-26", "facility": "LAB-1", "unit": None, "starts_at": STARTS, "ends_at": ENDS, "ok": False,
        "taken": True, "violations": [], "alternatives": [an_alternative(unit=None)],
    }],
}
FAULT = {
    "fault": RESERVATION, "state": "open", "facility": "LAB-1", "unit": None, "version": 1, "text": "门关不上",
    "reporter": "lead01", "reported_at": STARTS, "reservation": None, "closed_at": None, "note": "",
}
UNIT = {"code": "C1", "names": {"zh-Hans": "1 号箱", "en": "Chamber 1"}}
FACILITY = {
    "code": "LAB-1", "kind": "lab", "names": {"zh-Hans": "高低温老化", "en": "Ageing"},
    "descriptions": {"zh-Hans": "老化试验", "en": "Ageing tests"}, "units": [UNIT], "opening_hours": [[[0, 1440]]] * 7,
    "granularity_minutes": 30, "shortest_minutes": 30, "longest_minutes": 60000, "notice_minutes": 0,
    "horizon_days": 90, "setup_minutes": 0, "cleardown_minutes": 30, "approval": "manager", "decision_hours": 24,
    "unit_choice": True, "equivalents": ["LAB-2"], "location": "2 楼", "active": True, "version": 3,
}
TEAM = {
    "code": "team-01", "name": "星光芯片", "company": "company-01", "company_name": "星光", "role": "lead",
    "version": 2,
}
PROJECT = {
    "code": "P-1", "name": "硅光收发", "team": "team-01", "team_name": "星光芯片", "stage": "pilot", "priority": "key",
    "priority_reason": "揭榜挂帅", "role": "lead",
}
SAVED_PROJECT = {"team": "team-01", "project": "P-1", "version": 3}
MEMBER = {"person": "lead01", "name": "林一", "role": "lead", "active": True}
OWN_TOKEN = {
    "token": TOKEN, "name": "bench", "prefix": "pbb_abcdef", "scopes": ["read"], "created_at": STARTS,
    "expires_at": ENDS, "last_used_at": None,
}
BOARD = {
    "facilities": [{"code": "LAB-1", **{name: FACILITY[name] for name in (
        "kind", "names", "units", "opening_hours", "granularity_minutes")}}],
    "items": [
        {"id": RESERVATION, "facility": "LAB-1", "unit": "C1", "starts_at": STARTS, "ends_at": ENDS,
         "state": "approved", "mine": True, "version": 2, "team": "team-01"},
        {"facility": "LAB-1", "unit": "C2", "starts_at": STARTS, "ends_at": ENDS, "state": "taken", "mine": False},
    ],
}

QUALIFICATION = {
    "code": "EMC", "names": {"zh-Hans": "电磁兼容上机", "en": "EMC operation"}, "active": True, "version": 1,
    "facilities": ["LAB-3"], "held_until": None, "decides": True, "asked": None,
}
TRAINING = {
    "id": TOKEN, "person": "lead01", "name": "林一", "qualification": "EMC", "names": QUALIFICATION["names"],
    "facility": None, "note": "", "state": "requested", "reason": "", "version": 1, "changed_at": STARTS,
    "decides": True,
}
TRAINING_STEP = {"training": TOKEN, "state": "requested"}

CATALOGUE_CHANGE = {"section": "facilities", "code": "LAB-1", "new": False, "fields": {"location": ["", "2 楼"]}}
TRAIL_ENTRY = {
    "sequence": 2, "actor": "admin", "actor_name": "系统管理员", "action": "SaveFacility", "at": STARTS,
    "changed": {"location": ["", "2 楼"]},
}
QUOTA = {
    "code": "HOURS", "scope": "team", "subject": None, "kind": "lab", "per": "week", "limit": 2400,
    "off_peak_percent": 50, "peak_hours": [[480, 1200]], "active": True, "version": 1,
}
QUOTA_USAGE = {
    **{name: QUOTA[name] for name in ("scope", "kind", "per", "limit", "off_peak_percent", "peak_hours")},
    "quota": "HOURS", "team": "team-01", "team_name": "一队", "subject": "team-01", "used": 600, "left": 1800,
    "starts_at": STARTS, "ends_at": ENDS,
}

ANSWERS: dict[tuple[str, str], Any] = {
    ("accounts", "teams"): {"items": [TEAM]},
    ("accounts", "set_leave"): {"person": "lead01", "version": 2},
    ("accounts", "delegates"): {"items": [{"person": "member01", "name": "李薇"}]},
    ("accounts", "team"): {**TEAM, "members": [MEMBER], "projects": [PROJECT]},
    ("accounts", "projects"): {"items": [PROJECT]},
    ("accounts", "save_project"): SAVED_PROJECT,
    ("accounts", "set_priority"): SAVED_PROJECT,
    ("accounts", "tokens"): {"items": [OWN_TOKEN]},
    ("accounts", "create_token"): {**OWN_TOKEN, "secret": "pbb_secret"},
    ("accounts", "revoke_token"): {"token": TOKEN},
    ("facilities", "facilities"): {"items": [FACILITY]},
    ("facilities", "facility"): {**FACILITY, "managers": [{"person": "manager-labs", "name": "王主管"}]},
    ("facilities", "save_facility"): {"facility": "LAB-1", "version": 4},
    ("facilities", "qualifications"): {"items": [QUALIFICATION]},
    ("facilities", "holders"): {"items": [{"person": "lead01", "name": "林一", "qualification": "EMC", "until": ENDS}]},
    ("facilities", "trainings"): {"items": [TRAINING]},
    ("facilities", "save_qualification"): {"qualification": "EMC", "version": 1},
    ("facilities", "grant_qualifications"): {"grants": 1},
    ("facilities", "request_training"): TRAINING_STEP,
    ("facilities", "decide_training"): TRAINING_STEP,
    ("facilities", "withdraw_training"): TRAINING_STEP,
    ("facilities", "catalogue"): {"sites": [], "calendar": [], "qualifications": [], "facilities": [FACILITY]},
    ("facilities", "import_catalogue"): {"changes": [CATALOGUE_CHANGE]},
    ("facilities", "compare_catalogue"): {"changes": [CATALOGUE_CHANGE]},
    ("facilities", "changes"): {"items": [TRAIL_ENTRY]},
    ("facilities", "quotas"): {"items": [QUOTA]},
    ("facilities", "save_quota"): {"quota": "HOURS", "version": 1},
    ("booking", "quota_usage"): {"items": [QUOTA_USAGE]},
    ("booking", "board"): BOARD,
    ("booking", "free_slots"): {"items": [an_alternative()]},
    ("booking", "find_times"): {
        "items": [an_alternative(), an_alternative() | {"why": "split", "pieces": [
            {name: an_alternative()[name] for name in ("unit", "starts_at", "ends_at")}] * 2}],
        "in_the_way": [{"facility": "LAB-3", "taken": False, "violations": [
            {"rule": "too_short", "facts": {"shortest_minutes": 60}, "waivable_by": []}]}],
    },
    ("booking", "reservations"): {"items": [FULL], "next_cursor": "abc"},
    ("booking", "journey"): {**PROJECT, "stations": [FULL | {"kind": "lab", "facility_names": {}}]},
    ("booking", "reservation"): {
        **FULL, "history": [HISTORY], "allowed_actions": ["withdraw"], "attachments": [ATTACHMENT],
        "stages": [{"stage": "lead", "state": "done"}, {"stage": "manager", "state": "waiting"}],
        "later_ends": [ENDS],
    },
    ("booking", "describe_reservation"): STEP,
    ("booking", "add_attachment"): STEP | {"attachment": TOKEN},
    ("booking", "remove_attachment"): STEP,
    ("booking", "attachment"): {
        "name": "试验 plan.pdf", "type": "application/pdf", "size": 4, "sha256": "0" * 64, "content": "JVBERg==",
    },
    ("booking", "request_reservation"): STEP,
    ("booking", "move_reservation"): STEP,
    ("booking", "approve_reservation"): STEP,
    ("booking", "accept_offer"): STEP,
    ("booking", "decline_offer"): STEP,
    ("booking", "reject_reservation"): STEP,
    ("booking", "withdraw_reservation"): STEP,
    ("booking", "cancel_reservation"): STEP,
    ("booking", "request_series"): SERIES_STEP,
    ("booking", "move_series"): SERIES_STEP,
    ("booking", "add_series_dates"): SERIES_STEP,
    ("booking", "approve_series"): SERIES_STEP,
    ("booking", "reject_series"): SERIES_STEP,
    ("booking", "cancel_series"): SERIES_STEP,
    ("booking", "series"): SERIES,
    ("booking", "check_series"): DATES_CHECKED,
    ("booking", "check_series_move"): DATES_CHECKED,
    ("booking", "confirm_replanned"): STEP,
    ("booking", "check_in_reservation"): STEP,
    ("booking", "extend_reservation"): STEP,
    ("booking", "check_out_reservation"): STEP | {"used_minutes": 93},
    ("booking", "mark_no_show"): STEP,
    ("booking", "day_of_use"): {"items": [FULL | {"late": False, "overdue": False, "allowed_actions": ["extend"]}]},
    ("booking", "faults"): {"items": [FAULT]},
    ("booking", "report_fault"): FAULT,
    ("booking", "close_fault"): FAULT,
}

NEW_FACILITY = {"facility": "LAB-1", **{name: FACILITY[name] for name in FACILITY if name not in ("code", "version")}}

# A body that each change accepts.
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/api/v1/reservations"): a_request(),
    ("PATCH", "/api/v1/reservations/<identifier:reservation>"): {"version": 1, "unit": "C2"},
    ("POST", "/api/v1/reservations/<identifier:reservation>/reject"): {"reason": "设备检修"},
    ("POST", "/api/v1/series"): a_request(
        rule="FREQ=WEEKLY;COUNT=2", choices=[{"date": "2026-12-03", "action": "skip"}]),
    ("POST", "/api/v1/series/check"): {
        name: value for name, value in a_request(rule="FREQ=WEEKLY;COUNT=2").items() if name != "purpose"},
    ("PATCH", "/api/v1/series/<identifier:series>"): {"version": 1, "clock": "10:00", "from_date": "2026-12-03"},
    ("POST", "/api/v1/series/<identifier:series>/check"): {"clock": "10:00"},
    ("POST", "/api/v1/series/<identifier:series>/dates"): {"dates": ["2026-12-03"], "more": 2},
    ("POST", "/api/v1/series/<identifier:series>/reject"): {"reason": "设备检修"},
    ("POST", "/api/v1/reservations/<identifier:reservation>/extend"): {"ends_at": ENDS},
    ("POST", "/api/v1/faults"): {"facility": "LAB-1", "text": "门关不上"},
    ("POST", "/api/v1/reservations/<identifier:reservation>/describe"): {"people": 2, "answers": {"material": "none"}},
    ("POST", "/api/v1/reservations/<identifier:reservation>/attachments"): {"name": "a.pdf", "content": "JVBERg=="},
    ("PUT", "/api/v1/me/leave"): {"delegate": "member01", "starts_at": STARTS, "ends_at": ENDS},
    ("POST", "/api/v1/facilities"): NEW_FACILITY,
    ("PATCH", "/api/v1/facilities/<code:facility>"): {"version": 3, "location": "3 楼"},
    ("POST", "/api/v1/projects"): {"project": "P-2", "name": "新项目", "team": "team-01"},
    ("POST", "/api/v1/teams/<code:team>/projects/<code:project>/priority"): {"priority": "key", "reason": "揭榜挂帅"},
    ("POST", "/api/v1/catalogue"): {"catalogue": {"facilities": []}},
    ("POST", "/api/v1/catalogue/compare"): {"catalogue": {"facilities": []}},
    ("POST", "/api/v1/qualifications"): {"qualification": "EMC", "names": QUALIFICATION["names"]},
    ("POST", "/api/v1/qualifications/grants"): {"grants": [{"person": "lead01", "qualification": "EMC"}]},
    ("POST", "/api/v1/quotas"): {"quota": "HOURS", "scope": "team", "per": "week", "limit": 2400},
    ("POST", "/api/v1/trainings"): {"qualification": "EMC"},
    ("POST", "/api/v1/trainings/<identifier:training>/decide"): {"reason": "人满"},
    ("POST", "/api/v1/tokens"): {"name": "bench", "scopes": []},
}
QUERIES = {
    "/api/v1/history": "?kind=facility&code=LAB-1",
    "/api/v1/board": "?from=2026-11-23T00:00:00%2B08:00&to=2026-11-30T00:00:00%2B08:00",
    "/api/v1/free-slots": "?minutes=120",
    "/api/v1/find-times": "?minutes=120",
}
VALUES = {
    "<identifier:reservation>": RESERVATION, "<identifier:series>": RESERVATION, "<identifier:token>": TOKEN,
    "<identifier:campaign>": campaign_examples.CAMPAIGN,
    "<identifier:wait_entry>": waiting_examples.ENTRY,
    "<identifier:training>": TOKEN, "<identifier:interruption>": calendar_examples.INTERRUPTION,
    "<code:site>": "BASE", "<code:facility>": "LAB-1", "<code:team>": "team-01",
    "<code:project>": "P-1", "<identifier:attachment>": TOKEN,
    "<identifier:fault>": RESERVATION, "<identifier:replan>": replan_examples.REPLAN,
}

FURTHER = (
    calendar_examples, campaign_examples, contention_examples, import_examples, message_examples, replan_examples,
    swap_examples, waiting_examples, what_if_examples,
)
"""What the services answer about the subjects that have examples of their own."""

for subject in FURTHER:
    ANSWERS |= subject.ANSWERS
    BODIES |= subject.BODIES
    QUERIES |= getattr(subject, "QUERIES", {})
    VALUES |= getattr(subject, "VALUES", {})


def address_of(rule: str) -> str:
    """An address that the rule of a route matches."""
    address = rule + QUERIES.get(rule, "")
    for part, value in VALUES.items():
        address = address.replace(part, value)
    return address
