"""Who is whom on a channel."""

from datetime import datetime

from sqlalchemy import Connection

BIND = """
    INSERT INTO bindings (person, channel, external_id, bound_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (person, channel) DO UPDATE SET external_id = excluded.external_id, bound_at = excluded.bound_at"""


class Bindings:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def is_known(self, person: str) -> bool:
        return self.execute("SELECT 1 FROM people WHERE person = %s", (person,)).first() is not None

    def is_admin(self, person: str) -> bool:
        asked = "SELECT 1 FROM people WHERE person = %s AND active AND 'admin' = ANY(roles)"
        return self.execute(asked, (person,)).first() is not None

    def owner(self, channel: str, external_id: str) -> str | None:
        asked = "SELECT person FROM bindings WHERE channel = %s AND external_id = %s"
        return self.execute(asked, (channel, external_id)).scalar()

    def bind(self, person: str, channel: str, external_id: str, now: datetime) -> None:
        self.execute(BIND, (person, channel, external_id, now))

    def unbind(self, person: str, channel: str) -> None:
        self.execute("DELETE FROM bindings WHERE person = %s AND channel = %s", (person, channel))
