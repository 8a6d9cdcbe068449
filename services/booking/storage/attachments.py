"""Files in PostgreSQL; lists never read their content."""

from typing import Any

from sqlalchemy import Connection

from services.booking.domain.attachments import Attachment

COLUMNS = "attachment::text AS id, reservation::text, name, type, size, sha256, added_by, added_at"
OF = f"SELECT {COLUMNS} FROM attachments WHERE reservation = %(reservation)s ORDER BY added_at, attachment"
ADD = """
    INSERT INTO attachments (attachment, reservation, name, type, size, sha256, added_by, added_at, content)
    VALUES (%(id)s, %(reservation)s, %(name)s, %(type)s, %(size)s, %(sha256)s, %(added_by)s, %(added_at)s,
            %(content)s)"""
REMOVE = "DELETE FROM attachments WHERE attachment = %(attachment)s"


class Attachments:
    """What is attached to reservations."""

    def __init__(self, connection: Connection):
        self.execute = connection.exec_driver_sql

    def of(self, reservation: str) -> list[Attachment]:
        """The files of a reservation, in the order in which they came."""
        return [Attachment(**row._mapping) for row in self.execute(OF, {"reservation": reservation})]

    def add(self, attachment: Attachment, content: bytes) -> None:
        values: dict[str, Any] = vars(attachment) | {"content": content}
        self.execute(ADD, values)

    def remove(self, attachment: str) -> None:
        self.execute(REMOVE, {"attachment": attachment})
