"""A facility's rules of use as a newcomer reads them: when, how long, what one needs, who decides, on the day."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext

from services.portal.pages.facility_words import allocation_told, length, stage_told
from services.portal.sentences import listed

Facility = dict[str, Any]


def rules_in_words(facility: Facility) -> list[tuple[str, list[str]]]:
    """(heading, sentences); headings with nothing to say are left out."""
    groups = (
        (gettext("When"), when(facility)),
        (gettext("How long"), how_long(facility)),
        (gettext("What you need"), needs(facility)),
        (gettext("Who gets the time"), allocated(facility)),
        (gettext("Who decides"), deciding(facility)),
        (gettext("When it is full"), when_full(facility)),
        (gettext("On the day"), on_the_day(facility)),
    )
    return [(heading, told) for heading, sentences in groups if (told := list(sentences))]


def when(facility: Facility) -> Iterator[str]:
    yield gettext("Open for reservations %(days)d days ahead.", days=facility["horizon_days"])
    if facility["priority_horizon_days"] > facility["horizon_days"]:
        yield gettext("Projects of priority: %(days)d days ahead.", days=facility["priority_horizon_days"])
    if facility["notice_minutes"]:
        yield gettext("At least %(length)s of notice.", length=length(facility["notice_minutes"]))
    if facility["change_notice_minutes"]:
        yield gettext(
            "Changes until %(length)s before the start; giving time back is always welcome.",
            length=length(facility["change_notice_minutes"]),
        )
    if facility["cancel_notice_minutes"]:
        yield gettext("Cancel until %(length)s before the start.", length=length(facility["cancel_notice_minutes"]))
    if facility["on_holidays"] == "open":
        yield gettext("Open on public holidays as on any day.")
    else:
        yield gettext("Closed on public holidays; open on make-up working days.")


def how_long(facility: Facility) -> Iterator[str]:
    yield gettext(
        "From %(shortest)s to %(longest)s at a time, in steps of %(step)s.",
        shortest=length(facility["shortest_minutes"]),
        longest=length(facility["longest_minutes"]),
        step=length(facility["granularity_minutes"]),
    )
    if facility["most_pieces"] > 1:
        yield gettext(
            "When one piece is not to be had, a run may be split into up to %(pieces)d pieces, held together.",
            pieces=facility["most_pieces"],
        )
    yield from kept_between(facility)
    if facility["elastic_minutes"]:
        yield gettext(
            "A long run may end up to %(length)s later than planned, if you ask for that.",
            length=length(facility["elastic_minutes"]),
        )


def kept_between(facility: Facility) -> Iterator[str]:
    """The time that nobody runs in, before, after and between."""
    if facility["setup_minutes"]:
        yield gettext(
            "%(length)s before each reservation are kept for setting up.", length=length(facility["setup_minutes"])
        )
    if facility["cleardown_minutes"]:
        yield gettext(
            "%(length)s after each reservation are kept for clearing down.",
            length=length(facility["cleardown_minutes"]),
        )
    if facility["changeover"]:
        most = max(each["minutes"] for each in facility["changeover"])
        yield gettext(
            "Between runs of different product families more time is kept free, up to %(length)s.", length=length(most)
        )


def needs(facility: Facility) -> Iterator[str]:
    if facility["families"]:
        yield gettext("Say which product family you run: %(families)s.", families=listed(facility["families"]))
    required = [each for each in facility["questions"] if each.get("required")]
    if required:
        yield gettext("Answer before you ask for time: %(questions)s.", questions=listed(required))
    if facility["attachments"] == "required":
        yield gettext("Attach a document; without one it cannot be approved.")
    if facility["most_people"]:
        yield gettext("At most %(people)d people on site.", people=facility["most_people"])
    if not facility["unit_choice"]:
        yield gettext("The unit is chosen by the system.")


def deciding(facility: Facility) -> Iterator[str]:
    deadline = length(facility["decision_hours"] * 60)
    if facility["approval"] == "automatic":
        yield gettext("Requests within the rules are confirmed at once.")
        return
    if facility["approval"] == "stages":
        for number, stage in enumerate(facility["stages"], 1):
            yield f"{number}. {stage_told(stage)}"
        yield gettext("Each decides within %(length)s.", length=deadline)
    else:
        yield gettext("The manager decides within %(length)s.", length=deadline)
    if facility["escalation_hours"]:
        yield gettext(
            "If nobody does, base management has another %(length)s; then the request expires.",
            length=length(facility["escalation_hours"] * 60),
        )
    else:
        yield gettext("If nobody does, the request expires.")


def allocated(facility: Facility) -> Iterator[str]:
    """Who comes first is usual, and not told."""
    if facility.get("allocation") in ("manager", "draw"):
        yield allocation_told(facility)
        yield gettext("Whoever asks later than that gets what is left: first come, first served.")


def when_full(facility: Facility) -> Iterator[str]:
    yield gettext(
        "Join the wait list: what comes free is held %(length)s for the first whom it fits.",
        length=length(facility["offer_minutes"]),
    )
    yield gettext("Who leaves an offer unanswered moves to the end of the list, and leaves it after the second.")


def on_the_day(facility: Facility) -> Iterator[str]:
    yield gettext(
        "Check in from %(length)s before the start, by telephone, at the door or here.",
        length=length(facility["check_in_minutes"]),
    )
    if facility["no_show_minutes"]:
        yield gettext(
            "Who has not come %(length)s after the start gives the time up.",
            length=length(facility["no_show_minutes"]),
        )
    places = max(unit.get("places", 1) for unit in facility["units"])
    if facility["sharing"] and places > 1:
        yield gettext(
            "Compatible runs share a unit of up to %(places)d places: within %(degrees)d ℃ of each other.",
            places=places,
            degrees=facility["sharing"].get("temperature_within", 0),
        )
    if facility["details"] == "company":
        yield gettext("Teams of your own company see what is reserved; others see that the time is taken.")
    else:
        yield gettext("Other teams see that the time is taken, not by whom.")
