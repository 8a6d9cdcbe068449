"""What an operator does with people, teams and tokens, straight at the database.

    python -m services.accounts.operations VERB ...

    create-person PERSON --name N --email E [--roles R ...] [--manages F ...] [--language L] [--password-file FILE]
    set-password PERSON [--password-file FILE]
    create-token PERSON [--days N] [--scopes S ...] [--name N]     prints the secret alone, once
    revoke TOKEN                                                   the id that create-token told
    republish                                                      every snapshot once more, for fresh copies
    import FILE ... [--shared-password-file FILE]

A password comes from a file (- is standard input) or is asked for, never from the command line,
which others can read. An import file is YAML with lists of companies, people, teams, memberships and
projects, each entry with the fields of its command (SaveCompany, SavePerson, SaveTeam, SetMembership,
SaveProject); importing it again changes only what differs. The shared password is for demo people:
it is given to everybody in the files who has none there.

The same handlers work here as in the service, so every rule holds; only the rights are an admin's.
ACCOUNTS_DATABASE_URL says where. Exit codes: 0 done; 1 refused, and why; 2 wrong words or settings;
3 the database is away.
"""

import argparse
import getpass
import os
import secrets
import sys
import uuid
from functools import partial
from pathlib import Path

import yaml
from sqlalchemy.exc import DBAPIError

from services.accounts import handlers, queries
from services.accounts.dependencies import Passwords
from services.accounts.domain import passwords as password_rules
from services.accounts.domain import rights, tokens
from services.accounts.domain.rights import Actor
from services.accounts.storage.unit_of_work import AccountsUnitOfWork
from services.contracts import schemas
from services.contracts.commands import (
    CreateToken,
    RevokeToken,
    SaveCompany,
    SavePerson,
    SaveProject,
    SaveTeam,
    SetMembership,
)
from services.contracts.errors import InvalidInput, Refusal, Unauthenticated
from services.contracts.messaging.database import connect
from services.contracts.messaging.unit_of_work import Transactions

OPERATOR = "operator"

SECTIONS = {
    "companies": (SaveCompany, handlers.save_company),
    "people": (SavePerson, handlers.save_person),
    "teams": (SaveTeam, handlers.save_team),
    "memberships": (SetMembership, handlers.set_membership),
    "projects": (SaveProject, handlers.save_project),
}


class OperatorUnitOfWork(AccountsUnitOfWork):
    """Knows one more actor, who is no person and cannot sign in."""

    def actor(self, person):
        return Actor(person=OPERATOR, roles=frozenset({"admin"})) if person == OPERATOR else super().actor(person)


class Operations:
    """The verbs, each on the command line's arguments."""

    def __init__(self, url):
        self.transactions = Transactions(connect(url, 1), OperatorUnitOfWork)
        self.passwords = Passwords()

    def give(self, kind, handler, actor=OPERATOR, **fields):
        """Load the command as the service would, and run its handler."""
        message = schemas.load(kind, fields | {"actor": actor, "request_key": str(uuid.uuid4())})
        return self.transactions.execute(handler, message).value

    def save_person(self, **fields):
        return self.give(SavePerson, partial(handlers.save_person, passwords=self.passwords), **fields)

    def create_person(self, given):
        password = read_password(given.password_file) if given.password_file else None
        self.save_person(
            person=given.person, name=given.name, email=given.email, language=given.language,
            roles=given.roles, manages=given.manages, password=password,
        )

    def set_password(self, given):
        known = self.transactions.read(queries.identity, person=given.person)
        kept = {name: known[name] for name in ("person", "name", "email", "language", "roles", "manages")}
        self.save_person(**kept, password=read_password(given.password_file))

    def create_token(self, given):
        actor = self.transactions.run(lambda uow, now: uow.people.actor(given.person))
        scopes = given.scopes or sorted(rights.scopes_of(actor))
        secret = tokens.compose(secrets.token_urlsafe(24))
        handler = partial(handlers.create_token, secret=secret)
        answer = self.give(
            CreateToken, handler, actor=given.person, name=given.name, scopes=scopes, days=given.days,
        )
        print(f"token {answer['token']} until {answer['expires_at']:%Y-%m-%d}", file=sys.stderr)
        print(secret)

    def revoke(self, given):
        self.give(RevokeToken, handlers.revoke_token, token=given.token)

    def republish(self, given):
        print(self.transactions.run(handlers.republish)["facts"], "facts are on their way")

    def import_(self, given):
        files = [yaml.safe_load(path.read_text(encoding="utf-8")) or {} for path in given.files]
        shared_hash = self.shared_hash(given.shared_password_file)
        for section, (kind, handler) in SECTIONS.items():
            if kind is SavePerson:
                handler = partial(save_imported, passwords=self.passwords, shared_hash=shared_hash)
            entries = [entry for content in files for entry in content.get(section) or ()]
            for entry in entries:
                self.give(kind, handler, **entry)
            print(f"{section}: {len(entries)}")

    def shared_hash(self, path):
        """Computed once for all: a hash for each would take longer than the rest of the import."""
        if path is None:
            return None
        password = read_password(path)
        if reasons := password_rules.wrong_with(password, ""):
            raise InvalidInput(errors={"password": reasons})
        return self.passwords.hash(password)


def save_imported(message, uow, now, passwords, shared_hash):
    """A person from a file; the shared password only for those who have none yet."""
    answer = handlers.save_person(message, uow, now, passwords)
    if shared_hash and uow.people.password_hash(message.person) is None:
        uow.people.set_password(message.person, shared_hash, now)
    return answer


def read_password(path):
    if path is None:
        return getpass.getpass("New password: ")
    text = sys.stdin.readline() if path == "-" else Path(path).read_text(encoding="utf-8")
    return text.rstrip("\r\n")


def parser():
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = top.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser("create-person")
    create.add_argument("person")
    for required in ("--name", "--email"):
        create.add_argument(required, required=True)
    create.add_argument("--language", default="zh-Hans")
    for several in ("--roles", "--manages"):
        create.add_argument(several, nargs="*", default=[])
    set_password = verbs.add_parser("set-password")
    set_password.add_argument("person")
    for verb in (create, set_password):
        verb.add_argument("--password-file")
    token = verbs.add_parser("create-token")
    token.add_argument("person")
    token.add_argument("--days", type=int, default=90)
    token.add_argument("--scopes", nargs="*", help="all that the person may have, unless given")
    token.add_argument("--name", default="made by an operator")
    verbs.add_parser("revoke").add_argument("token")
    verbs.add_parser("republish")
    load = verbs.add_parser("import")
    load.add_argument("files", nargs="+", type=Path)
    load.add_argument("--shared-password-file")
    return top


def main(words=None):
    given = parser().parse_args(words)
    if not os.environ.get("ACCOUNTS_DATABASE_URL"):
        print("set ACCOUNTS_DATABASE_URL", file=sys.stderr)
        return 2
    verb = {"import": "import_"}.get(given.verb, given.verb.replace("-", "_"))
    try:
        getattr(Operations(os.environ["ACCOUNTS_DATABASE_URL"]), verb)(given)
    except Unauthenticated:
        print(f"{given.person}: there is no such person, or they are disabled", file=sys.stderr)
        return 1
    except Refusal as refusal:
        print(f"{refusal.code}: {refusal.detail} {refusal.facts or ''}".rstrip(), file=sys.stderr)
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
