"""Samples of what people hear of asks between teams."""

from datetime import UTC, datetime

from services.contracts import events
from services.notify.domain import swaps
from services.notify.samples.scene import LAB, NOW, PEOPLE, RESERVATION, SMT, TEAM

ASK = "9a1d5c1e-1f3b-4c57-9f0a-2f6f4c8a1b77"
NOTE = "我们的晶圆周四中午才到，能否换一下？"


def at(day, hour):
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def about(kind, asked, **more):
    usual = {
        "version": 1,
        "ask": ASK,
        "team": "team-01",
        "requester": "member01",
        "facility": "LAB-1",
        "unit": "A",
        "starts_at": at(5, 1),
        "ends_at": at(5, 4),
    }
    if asked == "give_way":
        usual |= {"wished_from": at(5, 2), "wished_until": at(5, 6)}
    return kind(kind=asked, **usual | more)


def holder_asked(asked, people, **more):
    event = about(events.HolderAsked, asked, reservation=RESERVATION, note=NOTE, expires_at=at(4, 10), **more)
    return swaps.of_ask(event, TEAM, {"LAB-1": LAB, "LINE-2": SMT}, people, NOW)


def swap_asked(people=PEOPLE):
    return holder_asked(
        "swap", people, offered_facility="LINE-2", offered_unit="1", offered_starts_at=at(6, 1),
        offered_ends_at=at(6, 4),
    )


def give_way_asked(people=PEOPLE):
    return holder_asked("give_way", people)


def answered(asked, state, people, **more):
    event = about(events.AskAnswered, asked, state=state, version=2, **more)
    return swaps.of_answer(event, TEAM, LAB, people, NOW)


def swap_declined(people=PEOPLE):
    return answered("swap", "declined", people, reservation=RESERVATION, reason="样品当天下午才到")


def swap_lapsed(people=PEOPLE):
    return answered("swap", "lapsed", people, reservation=RESERVATION)


def give_way_accepted(people=PEOPLE):
    return answered("give_way", "accepted", people, reservation=RESERVATION, reservation_state="requested")


ALL = (swap_asked, give_way_asked, swap_declined, swap_lapsed, give_way_accepted)
