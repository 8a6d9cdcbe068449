"""What an operator does with facilities, straight at the database.

    python -m services.facilities.operations VERB ...

    import FILE ... [--dry-run]   create and change facilities; a dry run only prints what would differ
    export                        print all facilities in the form that import reads
    republish                     every snapshot once more, for fresh copies

A file is YAML with a list of facilities, each with the fields of SaveFacility; what is not in the
files stays as it is. Importing a file again changes nothing. The same handler works here as in the
service, so every rule holds; only the rights are an admin's.

FACILITIES_DATABASE_URL says where. Exit codes: 0 done; 1 refused, and why; 2 wrong words or settings;
3 the database is away.
"""

import argparse
import os
import sys
import uuid
from pathlib import Path

import yaml
from sqlalchemy.exc import DBAPIError

from services.contracts import schemas
from services.contracts.commands import SaveFacility
from services.contracts.errors import Refusal
from services.contracts.messaging.database import connect
from services.contracts.messaging.unit_of_work import Transactions
from services.facilities import handlers
from services.facilities.domain.facility import RULES, Facility
from services.facilities.domain.rights import Person
from services.facilities.storage.unit_of_work import FacilitiesUnitOfWork

OPERATOR = "operator"


class OperatorUnitOfWork(FacilitiesUnitOfWork):
    """Knows one more actor, who is no person and cannot sign in."""

    def person(self, person):
        return Person(person=OPERATOR, roles=frozenset({"admin"})) if person == OPERATOR else super().person(person)


class Operations:
    """The verbs, each on the command line's arguments."""

    def __init__(self, url):
        self.transactions = Transactions(connect(url, 1), OperatorUnitOfWork)

    def import_(self, given):
        present = {facility.facility: facility for facility in self.all()}
        for entry in entries_of(given.files):
            try:
                self.import_one(entry, present.get(entry.get("facility")), given.dry_run)
            except Refusal as refusal:
                refusal.add_note(str(entry.get("facility")))
                raise

    def import_one(self, entry, before, dry_run):
        message = load(entry, before)
        if dry_run:
            print_differences(before, handlers.revised(before or Facility(facility=message.facility), message))
        else:
            answer = self.transactions.execute(handlers.save_facility, message).value
            print(answer["facility"], "version", answer["version"])

    def export(self, given):
        entries = [{name: getattr(each, name) for name in ("facility", *RULES)} for each in self.all()]
        print(yaml.safe_dump({"facilities": entries}, allow_unicode=True, sort_keys=False, width=110), end="")

    def republish(self, given):
        print(self.transactions.run(handlers.republish)["facts"], "facts are on their way")

    def all(self):
        return self.transactions.run(lambda uow, now: uow.facilities.all())


def entries_of(files):
    for path in files:
        yield from (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("facilities") or ()


def load(entry, before):
    """The command that an entry of a file stands for. Raises InvalidInput."""
    version = before.version if before else None
    fields = {"actor": OPERATOR, "request_key": str(uuid.uuid4()), "version": version}
    return schemas.load(SaveFacility, fields | entry)


def print_differences(before, after):
    if before is None:
        print(f"{after.facility}: new")
        return
    for name, (here, there) in before.differences(after).items():
        print(f"{after.facility}: {name}: {here} -> {there}")


def parser():
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = top.add_subparsers(dest="verb", required=True)
    load_files = verbs.add_parser("import")
    load_files.add_argument("files", nargs="+", type=Path)
    load_files.add_argument("--dry-run", action="store_true")
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
