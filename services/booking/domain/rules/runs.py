"""What is to be run there: its product family on a line, its profile and places where runs share."""

from collections.abc import Iterator
from datetime import datetime

from services.booking.domain.facility import Facility
from services.booking.domain.rules.violation import Violation
from services.booking.domain.sharing import PROFILE, is_complete
from services.booking.domain.units import possible_units
from services.booking.domain.wish import Wish


def run_rules(wish: Wish, facility: Facility, now: datetime) -> Iterator[Violation]:
    """What is on the facility already stays good there, also when families or classes are renamed."""
    if wish.former is None:
        yield from family_rules(wish, facility)
        yield from sharing_rules(wish, facility)
    if facility.sharing and not possible_units(wish, facility):
        most = max((facility.places_on(unit) for unit in facility.units), default=0)
        yield Violation("too_many_places", {"places": most})


def family_rules(wish: Wish, facility: Facility) -> Iterator[Violation]:
    """Free time is shown to those who have not said yet what they run: with room for any family."""
    family = wish.run.family
    if facility.families and wish.party and not family:
        yield Violation("family_missing", {"families": list(facility.families)})
    if facility.families and family and family not in facility.family_codes:
        yield Violation("unknown_family", {"families": list(facility.families)})


def sharing_rules(wish: Wish, facility: Facility) -> Iterator[Violation]:
    """A run that leaves places to others says what it does to them."""
    run = wish.run
    if not facility.sharing or run.places is None:
        return
    if not is_complete(run.profile):
        yield Violation("profile_missing", {"missing": [name for name in PROFILE if run.profile.get(name) is None]})
        return
    classes = sorted({each for group in facility.sharing.get("contamination", ()) for each in group})
    if run.profile["contamination"] not in classes:
        yield Violation("unknown_contamination", {"classes": classes})
