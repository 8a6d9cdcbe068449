"""What people chose to hear of."""

import json
from typing import Any

from sqlalchemy import Connection

from services.notify.domain.copies import Person
from services.notify.domain.preferences import Preferences
from services.notify.storage.copies import person_of

ASKED = """
    SELECT person, name, email, language, active, roles, manages,
           (SELECT coalesce(jsonb_object_agg(channel, external_id), '{}')
              FROM bindings b WHERE b.person = people.person AND b.state = 'active') AS bindings,
           EXISTS (SELECT 1 FROM suppressions s WHERE s.address = lower(people.email)) AS suppressed,
           (SELECT to_jsonb(p) FROM preferences p WHERE p.person = people.person) AS preferences
      FROM people WHERE person = %s"""

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
