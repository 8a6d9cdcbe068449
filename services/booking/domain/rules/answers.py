"""What a request has to say of itself, and how many people come with it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from services.booking.domain.facility import Facility
from services.booking.domain.rules.violation import Violation
from services.booking.domain.spans import Span
from services.booking.domain.wish import Wish


def answer_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """What is given back is not asked about anew, though a question may have come since."""
    if wish.party is None or wish.gives_back:
        return
    missing = [question for question in facility.questions if question.get("required") and not is_answered(
        wish, question["code"])]
    if missing:
        told = [{"code": question["code"], "names": dict(question["names"])} for question in missing]
        yield Violation("answer_missing", {"questions": told})


def is_answered(wish: Wish, question: str) -> bool:
    return bool(wish.run.answers.get(question, "").strip())


def people_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """At no instant are more on site than may be there, all reservations of the facility together."""
    if not facility.most_people or wish.gives_back:
        return
    others = most_at_once(wish.span, wish.others.get(facility.code, ()))
    if others + wish.run.people > facility.most_people:
        yield Violation("too_many_people", {
            "most_people": facility.most_people, "left": max(facility.most_people - others, 0),
        })


def most_at_once(span: Span, others: tuple[tuple[Span, int], ...]) -> int:
    """The most people of other reservations who are there at one instant of ``span``."""
    return max((people for there, people in present(others) if there.overlaps(span)), default=0)


def crowded(wish: Wish, facility: Facility) -> list[Span]:
    """When so many others are there that the people of ``wish`` do not fit in, in order."""
    if not facility.most_people:
        return []
    others = present(wish.others.get(facility.code, ()))
    return [there for there, people in others if people + wish.run.people > facility.most_people]


def present(others: tuple[tuple[Span, int], ...]) -> Iterator[tuple[Span, int]]:
    """How many are there, from change to change, in order."""
    changes = sorted(
        change for there, people in others for change in ((there.starts_at, people), (there.ends_at, -people)))
    people = 0
    for (instant, step), (following, _) in pairwise(changes):
        people += step
        if instant < following:
            yield Span(instant, following), people
