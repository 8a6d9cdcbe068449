"""Samples of interruptions and faults: told to those who manage, and to those whose time they hit."""

from services.contracts import events
from services.notify.domain import interruptions
from services.notify.samples.scene import LAB, NOW, PEOPLE, RESERVATION, SMT, TEAM, text

INTERRUPTION = "5d9d6d0a-0a55-4f0e-8a52-0f5a3a1e9c22"
OTHER = "aaaaaaaa-2222-4333-8444-555555555555"

SPANS = [{"starts_at": text(5, 0), "ends_at": text(5, 10)}]
LATER = [{"starts_at": text(6, 0), "ends_at": text(6, 10)}]


def interruption(kind="maintenance", spans=SPANS, **more):
    usual = {
        "version": 1,
        "interruption": INTERRUPTION,
        "kind": kind,
        "site": "BASE",
        "facility": "LAB-1",
        "unit": "A",
        "spans": spans,
        "reason": {"zh-Hans": "年度校准", "en": "Yearly calibration"},
        "actor": "base",
    }
    return events.InterruptionChanged(**usual | more)


def maintenance_announced_to_managers(people=PEOPLE):
    return interruptions.for_managers(interruption(), None, LAB, people, NOW)


def maintenance_changed_to_managers(people=PEOPLE):
    return interruptions.for_managers(interruption(spans=LATER), SPANS, LAB, people, NOW)


def maintenance_cancelled_to_managers(people=PEOPLE):
    return interruptions.for_managers(interruption(spans=[]), SPANS, LAB, people, NOW)


def closure_to_managers(people=PEOPLE):
    event = interruption("closure", facility=None, unit=None, reason={"zh-Hans": "春季消防演练", "en": "Fire drill"})
    return interruptions.for_managers(event, None, None, people, NOW)


def hit(number=1, reservation=RESERVATION, **more):
    usual = {"unit": "A", "team": "team-01", "requester": "member01"}
    times = {"starts_at": text(5, number), "ends_at": text(5, number + 1)}
    return usual | times | {"reservation": reservation} | more


def hits(kind="maintenance", rows=(), **more):
    usual = {
        "version": 1,
        "hit": INTERRUPTION,
        "kind": kind,
        "facility": "LAB-1",
        "unit": "A",
        "reason": {"zh-Hans": "年度校准", "en": "Yearly calibration"},
        "actor": "base",
        "spans": SPANS,
        "hits": list(rows),
    }
    return events.ReservationsHit(**usual | more)


def told_of_hits(event, former, people, standing=(RESERVATION, OTHER)):
    return interruptions.for_those_hit(event, former, set(standing), {"team-01": TEAM}, {"LAB-1": LAB}, people, NOW)


def outage_hits_one(people=PEOPLE):
    return told_of_hits(hits("outage", [hit()]), {}, people)


def outage_hits_two(people=PEOPLE):
    return told_of_hits(hits("outage", [hit(1), hit(3, OTHER)]), {}, people)


def maintenance_hits(people=PEOPLE):
    return told_of_hits(hits(rows=[hit(1), hit(3, OTHER)]), {}, people)


def maintenance_hits_otherwise(people=PEOPLE):
    return told_of_hits(hits(rows=[hit(1)], spans=LATER), {"spans": SPANS, "hits": [hit(1), hit(3, OTHER)]}, people)


def closure_hits(people=PEOPLE):
    rows = [hit(1, facility="LAB-1"), hit(3, OTHER, facility="LINE-2", unit="1")]
    event = hits("closure", rows, facility=None, unit=None, reason={"zh-Hans": "国庆节闭馆", "en": "National holiday"})
    facilities = {"LAB-1": LAB, "LINE-2": SMT}
    return interruptions.for_those_hit(event, {}, {RESERVATION, OTHER}, {"team-01": TEAM}, facilities, people, NOW)


def maintenance_hits_no_more(people=PEOPLE):
    return told_of_hits(hits(spans=[]), {"spans": SPANS, "hits": [hit(1)]}, people)


def fault(state="open", **more):
    usual = {"reporter": "member01", "actor": "member01", "unit": "A", "text": "1 号箱升温到 80 ℃ 后报警停机"}
    return events.FaultChanged(version=1, fault="f-1", state=state, facility="LAB-1", **usual | more)


def fault_reported(people=PEOPLE):
    return interruptions.of_fault(fault(), LAB, people, NOW)


def fault_closed(people=PEOPLE):
    return interruptions.of_fault(fault("closed", actor="manager-labs", note="已更换温控模块"), LAB, people, NOW)


ALL = (
    maintenance_announced_to_managers,
    maintenance_changed_to_managers,
    maintenance_cancelled_to_managers,
    closure_to_managers,
    outage_hits_one,
    outage_hits_two,
    maintenance_hits,
    maintenance_hits_otherwise,
    closure_hits,
    maintenance_hits_no_more,
    fault_reported,
    fault_closed,
)
