"""What the form of a campaign holds: its steps as typed, and the fields of the commands that they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from services.portal.pages import local_time
from services.portal.pages.backend import new_key
from services.portal.pages.campaign_routes import ROUTES
from services.portal.pages.draft import local_moment
from services.portal.pages.numbers import whole
from services.portal.pages.timeline import at

MOST_STEPS = 12
LONGEST = 2_000
ANSWER = "answer"


@dataclass(frozen=True, kw_only=True)
class TypedStep:
    """The texts of one step's fields; lengths and gaps in hours. ``answers`` by the code of their question."""

    facility: str = ""
    hours: str = "2"
    least: str = ""
    most: str = ""
    family: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def minutes(self) -> int | str:
        return minutes_in(self.hours)

    def common(self) -> dict[str, Any]:
        """The fields of a step that say nothing of its time."""
        answers = {code: text for code, text in self.answers.items() if text}
        gaps = {"least_gap_minutes": minutes_in(self.least) if self.least else 0}
        gaps |= {"most_gap_minutes": minutes_in(self.most)} if self.most else {}
        return {"facility": self.facility, **gaps, **({"family": self.family} if self.family else {}),
                **({"answers": answers} if answers else {})}

    def sought(self) -> dict[str, Any]:
        return self.common() | {"minutes": self.minutes}

    def timed(self, starts_at: datetime) -> dict[str, Any]:
        length = self.minutes if isinstance(self.minutes, int) else 0
        return self.common() | {
            "starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(minutes=length)).isoformat()}


@dataclass(frozen=True, kw_only=True)
class CampaignForm:
    """``first_day`` and ``last_day`` are the local days within which all steps are to run."""

    steps: tuple[TypedStep, ...]
    team: str = ""
    project: str = ""
    purpose: str = ""
    first_day: str = ""
    last_day: str = ""
    request_key: str = ""

    def window(self) -> dict[str, Any]:
        """What is no date is left out, for booking to ask for it."""
        first, last = day_in(self.first_day), day_in(self.last_day)
        found = {"starts_at": at(first, 0).isoformat() if first else None,
                 "ends_at": at(last, 24 * 60).isoformat() if last else None}
        return {name: value for name, value in found.items() if value}

    def search(self) -> dict[str, Any]:
        """The fields of a search for plans."""
        party = {"team": self.team or None, "project": self.project or None}
        return {"steps": [each.sought() for each in self.steps], **party, **self.window()}

    def request(self, starts: Sequence[datetime]) -> dict[str, Any]:
        """The fields of RequestCampaign, with a start for each step."""
        return {
            "team": self.team, "project": self.project or None, "purpose": self.purpose,
            "steps": [step.timed(start) for step, start in zip(self.steps, starts, strict=True)],
        }

    def changed(self, do: str) -> "CampaignForm":
        """After a step was added, taken out, or put before or behind another one."""
        action, _, text = do.partition("-")
        steps, number = list(self.steps), whole(text)
        if action == "add" and len(steps) < MOST_STEPS:
            steps.append(TypedStep())
        if action == "remove" and number < len(steps) > 1:
            del steps[number]
        other = number + {"up": -1, "down": 1}.get(action, 0)
        if number < len(steps) and 0 <= other < len(steps):
            steps[number], steps[other] = steps[other], steps[number]
        return replace(self, steps=tuple(steps))


def minutes_in(hours: str) -> int | str:
    """What is no number is left as it is, for booking to refuse."""
    try:
        return round(float(hours.replace(",", ".")) * 60)
    except (ValueError, OverflowError):
        return hours


def day_in(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 < found.year < 2100 else None


def begun(route: str, team: str) -> CampaignForm:
    """A new form, with the steps of a usual route or with two empty ones."""
    _, steps = ROUTES.get(route, (None, ()))
    first = local_time.today() + timedelta(days=1)
    return CampaignForm(
        steps=tuple(
            TypedStep(facility=facility, hours=hours, least=least, most=most) for facility, hours, least, most in steps
        ) or (TypedStep(), TypedStep()),
        team=team, first_day=first.isoformat(), last_day=(first + timedelta(days=30)).isoformat(),
        request_key=new_key(),
    )


def typed(form: Mapping[str, str]) -> CampaignForm:
    """What was typed, cut to a length that no honest field passes."""
    def text(name: str) -> str:
        return form.get(name, "").replace("\r\n", "\n").strip()[:LONGEST]

    def step(number: int) -> TypedStep:
        names = ("facility", "hours", "least", "most", "family")
        start = f"{ANSWER}-{number}-"
        answers = {name.removeprefix(start): text(name) for name in form if name.startswith(start)}
        return TypedStep(**{name: text(f"{name}-{number}") for name in names}, answers=answers)

    count = min(whole(form.get("count", ""), 2), MOST_STEPS)
    names = ("team", "project", "purpose", "first_day", "last_day", "request_key")
    told = {name: text(name) for name in names}
    return CampaignForm(
        steps=tuple(step(number) for number in range(max(count, 1))),
        **told | {"request_key": told["request_key"] or new_key()},
    )


def starts_in(value: str, steps: int) -> list[datetime] | None:
    """The starts of the plan that a button stands for; None where it is not one of these steps any more."""
    found = [local_moment(text) for text in value.split(",")]
    return found if len(found) == steps and all(found) else None
