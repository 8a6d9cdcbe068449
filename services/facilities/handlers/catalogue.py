"""The catalogue as data: exported whole, compared before anything is changed, imported all or nothing.

    {sites: [...], calendar: [...], qualifications: [...], facilities: [...], quotas: [...]}

An entry has the fields of its section's command. Each goes through that command's own handler,
so every rule holds here as on the pages, and a file imported twice changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from services.contracts import schemas
from services.contracts.commands import (
    ImportCatalogue,
    SaveCalendarYear,
    SaveFacility,
    SaveQualification,
    SaveQuota,
    SaveSite,
)
from services.contracts.commands.command import Command
from services.contracts.errors import InvalidInput
from services.facilities.domain import rights
from services.facilities.domain.site import Site
from services.facilities.handlers.qualifications import save_qualification
from services.facilities.handlers.quotas import save_quota
from services.facilities.handlers.saving import save_facility
from services.facilities.handlers.sites import save_calendar_year, save_site

FILLED_IN = ("actor", "request_key", "version")
MOST_ENTRIES = 5000


@dataclass(frozen=True, kw_only=True)
class YearOfSite:
    """A year of a base's calendar, with the version of the base."""

    site: str
    year: int
    days: list[dict[str, Any]]
    version: int

    @staticmethod
    def of(site: Site) -> list["YearOfSite"]:
        return [YearOfSite(site=site.site, year=each.year, days=list(each.days), version=site.version)
                for each in site.years]


@dataclass(frozen=True)
class Section:
    """One kind of thing: how it is saved, how one is found for an entry, and all of them."""

    kind: type[Command]
    handler: Callable[..., Any]
    names: tuple[str, ...]
    find: Callable[..., Any]
    all: Callable[[Any], list[Any]]

    def entry(self, thing: Any) -> dict[str, Any]:
        """A thing as it stands in a file."""
        return {each.name: getattr(thing, each.name) for each in fields(self.kind) if each.name not in FILLED_IN}

    def version(self, before: Any, uow: Any, message: Command) -> int | None:
        """The version that the command has to name: the present one, of the base for its calendar."""
        if self.kind is SaveCalendarYear:
            site = uow.sites.get(message.site)
            return site.version if site else None
        return before.version if before else None


def year_of(uow: Any, site: str, year: int) -> YearOfSite | None:
    found = uow.sites.get(site)
    return next((each for each in YearOfSite.of(found) if each.year == year), None) if found else None


SECTIONS = {
    "sites": Section(
        SaveSite, save_site, ("site",), lambda uow, site: uow.sites.get(site), lambda uow: uow.sites.all(),
    ),
    "calendar": Section(
        SaveCalendarYear, save_calendar_year, ("site", "year"), year_of,
        lambda uow: [year for site in uow.sites.all() for year in YearOfSite.of(site)],
    ),
    "qualifications": Section(
        SaveQualification, save_qualification, ("qualification",), lambda uow, code: uow.qualifications.get(code),
        lambda uow: uow.qualifications.all(),
    ),
    "facilities": Section(
        SaveFacility, save_facility, ("facility",), lambda uow, code: uow.facilities.get(code),
        lambda uow: uow.facilities.all(),
    ),
    "quotas": Section(
        SaveQuota, save_quota, ("quota",), lambda uow, code: uow.quotas.get(code), lambda uow: uow.quotas.all(),
    ),
}
"""In the order in which things may name each other."""


def export(uow: Any) -> dict[str, list[dict[str, Any]]]:
    """Everything, in the form that ``import_catalogue`` reads."""
    return {name: [section.entry(thing) for thing in section.all(uow)] for name, section in SECTIONS.items()}


def import_catalogue(message: ImportCatalogue, uow: Any, now: Any) -> dict[str, Any]:
    """Do what the file says. Raises NotAllowed, and InvalidInput with everything that is wrong, by entry.

    Returns changes = [{section, code, new, fields: {name: [before, after]}}] of what differs.
    """
    rights.require_base(uow.person(message.actor))
    check_shape(message.catalogue)
    changes, wrong = [], {}
    for name, section in SECTIONS.items():
        for number, entry in enumerate(message.catalogue.get(name) or ()):
            try:
                changes += take(name, section, entry, message, uow, now)
            except InvalidInput as refused:
                place = f"{name}.{number}"
                wrong |= {f"{place}.{field}": words for field, words in refused.facts["errors"].items()}
    if wrong:
        raise InvalidInput(errors=wrong)
    return {"changes": changes}


def check_shape(catalogue: dict[str, Any]) -> None:
    """Raises InvalidInput for unknown sections and for what is no list of entries."""
    wrong = {name: ["unknown_field"] for name in catalogue if name not in SECTIONS}
    for name in catalogue.keys() & SECTIONS.keys():
        entries = catalogue[name] or []
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            wrong[name] = ["not_a_list"]
        elif len(entries) > MOST_ENTRIES:
            wrong[name] = ["too_many"]
    if wrong:
        raise InvalidInput(errors=wrong)


def take(name: str, section: Section, entry: dict[str, Any], asked: ImportCatalogue, uow: Any, now: Any) -> list[dict]:
    """Save one entry; the change that it made, if any. What an entry leaves out is as the command has it."""
    given = {field: value for field, value in entry.items() if field not in FILLED_IN}
    # Any version will do to find out whether the rest of the entry can be read.
    message = schemas.load(section.kind, given | {"actor": asked.actor, "request_key": asked.request_key, "version": 1})
    key = [getattr(message, field) for field in section.names]
    before = section.find(uow, *key)
    section.handler(replace(message, version=section.version(before, uow, message)), uow, now)
    here, there = section.entry(before) if before else {}, section.entry(section.find(uow, *key))
    changed = {field: [here.get(field), there[field]] for field in there if here.get(field) != there[field]}
    code = " ".join(map(str, key))
    return [{"section": name, "code": code, "new": before is None, "fields": changed}] if changed else []
