"""Samples of re-plans: what teams hear when a plan was carried out that moved or cancelled their reservations."""

from services.contracts import events
from services.notify.domain import replans
from services.notify.samples.scene import LAB, NOW, PEOPLE, RESERVATION, SMT, TEAM, text

REPLAN = "6a1f0c3b-9d52-4c1e-8a77-1d2e3f4a5b6c"
SECOND = "bbbbbbbb-2222-4333-8444-555555555555"
THIRD = "cccccccc-2222-4333-8444-555555555555"


def place(day, hour, facility="LAB-1", unit="A"):
    return {"facility": facility, "unit": unit, "starts_at": text(day, hour), "ends_at": text(day, hour + 3)}


def item(before, after, reservation=RESERVATION, **more):
    usual = {"version": 3, "team": "team-01", "project": "P-7", "purpose": "老化试验", "requester": "member01",
             "reason": "later" if after else "no_place", "answer_by": after and text(5, 1), "state": "approved"}
    return usual | {"reservation": reservation, "before": before, "after": after} | more


def accepted(*items, **more):
    cause = {"kind": "outage", "interruption": "i-1", "facility": "LAB-1",
             "reason": {"zh-Hans": "压缩机故障", "en": "Compressor failure"}}
    usual = {"version": 5, "replan": REPLAN, "cause": cause, "items": list(items), "actor": "manager-labs"}
    return events.ReplanAccepted(**usual | more)


def told_of(event, people, invited=()):
    known = {each["reservation"]: invited for each in event.items}
    return replans.of_replan(event, {"team-01": TEAM}, {"LAB-1": LAB, "LINE-2": SMT}, people, known, NOW)


def replanned(people=PEOPLE):
    return told_of(accepted(item(place(5, 1), place(6, 1))), people, ("member01", "lead01"))


def replanned_several(people=PEOPLE):
    """Two have other places, one of them elsewhere; the third has none."""
    event = accepted(
        item(place(5, 1), place(6, 1)),
        item(place(5, 5), place(5, 5, "LINE-2", "1"), SECOND),
        item(place(5, 9), None, THIRD),
    )
    return told_of(event, people, ("member01", "lead01"))


def replanned_for_priority(people=PEOPLE):
    cause = {"kind": "priority", "facility": "LAB-1", "reason": {"zh-Hans": "省重大专项节点"}}
    return told_of(accepted(item(place(5, 1), place(5, 5)), cause=cause), people)


def replanned_out(people=PEOPLE):
    return told_of(accepted(item(place(5, 1), None)), people, ("member01", "lead01"))


def replanned_out_several(people=PEOPLE):
    return told_of(accepted(item(place(5, 1), None), item(place(5, 5), None, SECOND)), people)


ALL = (replanned, replanned_several, replanned_for_priority, replanned_out, replanned_out_several)
