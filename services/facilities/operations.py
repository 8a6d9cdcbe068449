"""What an operator does with facilities, straight at the database.

    python -m services.facilities.operations VERB ...

    import FILE ... [--dry-run]   create and change what the files describe, all or nothing, and print what differs;
                                  a dry run prints it and keeps nothing
    holidays YEAR ... [--site BASE]
                                  take public holidays from the kept library, where it knows the year
    export                        print the whole catalogue in the form that import reads
    republish                     every snapshot once more, for fresh copies

A file is YAML with lists of sites, calendar, qualifications, facilities and quotas, each entry with the
fields of its command (services/contracts/commands/); what is not in the files stays as it is.
Importing a file again changes nothing. The same handlers work here as in the service, so every rule
holds; only the rights are an admin's.

FACILITIES_DATABASE_URL says where. Exit codes: 0 done; 1 refused, and why; 2 wrong words or settings;
3 the database is away.
"""

import argparse
import os
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import yaml
from sqlalchemy.exc import DBAPIError

from services.contracts.commands import ImportCalendarYear, ImportCatalogue
from services.contracts.errors import InvalidInput, Refusal
from services.contracts.messaging.database import connect
from services.contracts.messaging.unit_of_work import Transactions
from services.facilities import handlers
from services.facilities.domain import holidays
from services.facilities.domain.rights import Person
from services.facilities.storage.unit_of_work import FacilitiesUnitOfWork

OPERATOR = "operator"
IMPORT = handlers.import_catalogue


class OperatorUnitOfWork(FacilitiesUnitOfWork):
    """Knows one more actor, who is no person and cannot sign in."""

    def person(self, person):
        return Person(person=OPERATOR, roles=frozenset({"admin"})) if person == OPERATOR else super().person(person)


class Operations:
    """The verbs, each on the command line's arguments."""

    def __init__(self, url):
        self.transactions = Transactions(connect(url, 1), OperatorUnitOfWork)

    def import_(self, given):
        catalogue = read(given.files)
        message = ImportCatalogue(actor=OPERATOR, request_key=str(uuid.uuid4()), catalogue=catalogue)
        try:
            changes = self.rehearse(message) if given.dry_run else self.transactions.execute(IMPORT, message).value
        except InvalidInput as refusal:
            refusal.facts["errors"] = by_code(refusal.facts["errors"], catalogue)
            raise
        for change in changes["changes"]:
            print_change(change)

    def rehearse(self, message):
        """What an import would change; nothing is kept."""
        return self.transactions.read(lambda connection: IMPORT(message, OperatorUnitOfWork(connection), now()))

    def holidays(self, given):
        for year in given.years:
            if holidays.published(year) is None:
                print(f"{given.site}: {year} has not been published")
                continue
            version = self.transactions.run(lambda uow, now: uow.sites.get(given.site)).version
            key = {"actor": OPERATOR, "request_key": str(uuid.uuid4())}
            message = ImportCalendarYear(site=given.site, year=year, version=version, **key)
            answer = self.transactions.execute(handlers.import_calendar_year, message).value
            print(f"{given.site}: {year} is known, revision {answer['revision']}")

    def export(self, given):
        catalogue = self.transactions.run(lambda uow, now: handlers.export(uow))
        print(yaml.safe_dump(catalogue, allow_unicode=True, sort_keys=False, width=110), end="")

    def republish(self, given):
        print(self.transactions.run(handlers.republish)["facts"], "facts are on their way")


class Plain(yaml.SafeLoader):
    """Leaves a date as the text that it is in every command."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read(paths):
    """The sections of all files together, and nothing else that a file may hold for its own use."""
    catalogue = {}
    for path in paths:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=Plain) or {}
        for name in handlers.SECTIONS:
            catalogue.setdefault(name, []).extend(content.get(name) or ())
    return catalogue


def by_code(errors, catalogue):
    """Errors by the codes of the things, which say more on a command line than their numbers."""
    named = {}
    for place, words in errors.items():
        section, number, field = [*place.split(".", 2), "", ""][:3]
        if not number:
            named[section] = words
            continue
        entry = catalogue[section][int(number)]
        code = " ".join(str(entry.get(name)) for name in handlers.SECTIONS[section].names)
        named[f"{code}.{field}"] = words
    return named


def print_change(change):
    if change["new"]:
        print(f"{change['code']}: new")
        return
    for name, (here, there) in change["fields"].items():
        print(f"{change['code']}: {name}: {here} -> {there}")


def now():
    return datetime.now(UTC)


def parser():
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = top.add_subparsers(dest="verb", required=True)
    load_files = verbs.add_parser("import")
    load_files.add_argument("files", nargs="+", type=Path)
    load_files.add_argument("--dry-run", action="store_true")
    years = verbs.add_parser("holidays")
    years.add_argument("years", nargs="+", type=int)
    years.add_argument("--site", default="BASE")
    verbs.add_parser("export")
    verbs.add_parser("republish")
    return top


def main(words=None):
    given = parser().parse_args(words)
    if not os.environ.get("FACILITIES_DATABASE_URL"):
        print("set FACILITIES_DATABASE_URL", file=sys.stderr)
        return 2
    verb = {"import": "import_"}.get(given.verb, given.verb)
    try:
        getattr(Operations(os.environ["FACILITIES_DATABASE_URL"]), verb)(given)
    except Refusal as refusal:
        print(*getattr(refusal, "__notes__", ()), refusal.code, refusal.detail, refusal.facts or "", file=sys.stderr)
        return 1
    except (OSError, yaml.YAMLError) as error:
        print(error, file=sys.stderr)
        return 2
    except DBAPIError as error:
        print(f"the database does not answer: {error.orig}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
