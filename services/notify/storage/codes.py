"""The codes that tie a person to an account, and the callbacks that were taken."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.notify.domain.bindings import LIFE, Code

ADD = """
    INSERT INTO binding_codes (code, person, channel, created_at, expires_at) VALUES (%s, %s, %s, %s, %s)"""

# The first account that scans an open code is the one; whoever comes later finds it taken.
SCAN = """
    UPDATE binding_codes SET external_id = %(external_id)s, expires_at = %(until)s
     WHERE code = CAST(%(code)s AS uuid) AND channel = %(channel)s
       AND external_id IS NULL AND bound_at IS NULL AND expires_at > %(now)s"""

KEPT = timedelta(days=1)
CALLBACKS_KEPT = timedelta(days=7)


class Codes:
    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def count(self, person: str, since: datetime) -> int:
        asked = "SELECT count(*) FROM binding_codes WHERE person = %s AND created_at > %s"
        return self.execute(asked, (person, since)).scalar()

    def add(self, code: Code, now: datetime) -> None:
        """The person's earlier ones are void."""
        void = "UPDATE binding_codes SET expires_at = %(now)s WHERE person = %(person)s AND expires_at > %(now)s"
        self.execute(void, {"person": code.person, "now": now})
        self.execute(ADD, (code.code, code.person, code.channel, now, code.expires_at))

    def set_address(self, code: str, address: str) -> None:
        self.execute("UPDATE binding_codes SET address = %s WHERE code = %s", (address, code))

    def find(self, code: str, person: str) -> Code | None:
        """A person's own code, locked."""
        asked = "SELECT * FROM binding_codes WHERE code = %s AND person = %s FOR UPDATE"
        row = self.execute(asked, (code, person)).mappings().first()
        return row and Code(**{name: row[name] for name in Code.__dataclass_fields__} | {"code": str(row["code"])})

    def scan(self, code: str, channel: str, external_id: str, now: datetime) -> bool:
        """Note who scanned it; False when it is unknown, taken or over."""
        asked = {"code": code, "channel": channel, "external_id": external_id, "now": now, "until": now + LIFE}
        return self.execute(SCAN, asked).rowcount == 1

    def use(self, code: str, now: datetime) -> None:
        self.execute("UPDATE binding_codes SET bound_at = %s WHERE code = %s", (now, code))

    def take_callback(self, channel: str, key: str, now: datetime) -> bool:
        """Whether this report comes for the first time."""
        first = "INSERT INTO callbacks (channel, key, received_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
        return self.execute(first, (channel, key, now)).rowcount == 1

    def forget(self, now: datetime) -> None:
        self.execute("DELETE FROM binding_codes WHERE expires_at < %s", (now - KEPT,))
        self.execute("DELETE FROM callbacks WHERE received_at < %s", (now - CALLBACKS_KEPT,))
