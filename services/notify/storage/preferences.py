"""What people chose to hear of."""

import json
from typing import Any

from sqlalchemy import Connection

from services.notify.domain.copies import Person
from services.notify.domain.preferences import Preferences
from services.notify.storage.copies import PERSON, person_of

ASKED = f"SELECT {PERSON} FROM people WHERE person = %s"

SAVE = """
    INSERT INTO preferences
        (person, language, timezone, quiet_from, quiet_until, digest, digest_at, digest_weekday, switches)
    VALUES (%(person)s, %(language)s, %(timezone)s, %(quiet_from)s, %(quiet_until)s, %(digest)s, %(digest_at)s,
            %(digest_weekday)s, %(switches)s)
    ON CONFLICT (person) DO UPDATE
       SET language = excluded.language, timezone = excluded.timezone, quiet_from = excluded.quiet_from,
           quiet_until = excluded.quiet_until, digest = excluded.digest, digest_at = excluded.digest_at,
           digest_weekday = excluded.digest_weekday, switches = excluded.switches"""


class ChosenPreferences:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def person(self, person: str) -> Person | None:
        row = self.execute(ASKED, (person,)).mappings().first()
        return person_of(dict(row)) if row else None

    def save(self, person: str, chosen: Preferences) -> None:
        values: dict[str, Any] = vars(chosen) | {"person": person, "switches": json.dumps(chosen.switches)}
        self.execute(SAVE, values)
