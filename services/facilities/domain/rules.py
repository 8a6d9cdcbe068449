"""Whether a facility's rules of use make sense together."""

from typing import Any

from services.facilities.domain import opening_hours
from services.facilities.domain.facility import Facility
from services.facilities.domain.languages import wrong_in_languages

MOST_UNITS = 100


def wrong_with(facility: Facility) -> dict[str, list[str]]:
    """Everything that is wrong apart from the units, by field; the limits of single fields hold already.

    Words: required, unknown_language, not_seven_days, malformed, out_of_range, ends_before_start,
    overlapping, not_part_of_a_day, not_on_grid, shorter_than_shortest.
    """
    return {
        **wrong_in_languages("names", facility.names),
        **wrong_in_languages("descriptions", facility.descriptions),
        **opening_hours.wrong_in(facility.opening_hours),
        **wrong_in_lengths(facility),
    }


def wrong_in_units(units: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What is wrong with well-formed units; words: required, too_many, duplicate, unknown_language."""
    if not 0 < len(units) <= MOST_UNITS:
        return {"units": ["too_many" if units else "required"]}
    return wrong_in_codes("units", units)


def wrong_in_codes(field: str, coded: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Each code once, each with its names."""
    wrong, seen = {}, set()
    for number, each in enumerate(coded):
        if each["code"] in seen:
            wrong[f"{field}.{number}.code"] = ["duplicate"]
        seen.add(each["code"])
        wrong |= wrong_in_languages(f"{field}.{number}.names", each["names"])
    return wrong


def wrong_in_lengths(facility: Facility) -> dict[str, list[str]]:
    """Lengths lie on the grid, and the grid begins anew with each day, so a day is made of whole steps."""
    wrong: dict[str, list[str]] = {}
    if opening_hours.DAY_MINUTES % facility.granularity_minutes:
        wrong["granularity_minutes"] = ["not_part_of_a_day"]
    for name in ("shortest_minutes", "longest_minutes"):
        if getattr(facility, name) % facility.granularity_minutes:
            wrong[name] = ["not_on_grid"]
    if facility.longest_minutes < facility.shortest_minutes:
        wrong.setdefault("longest_minutes", []).append("shorter_than_shortest")
    return wrong
