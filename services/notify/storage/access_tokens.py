"""The platforms' access tokens, shared by all processes of notify. The lock on a row is the turn to renew its token."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, TimeoutError

from services.contracts.messaging.unit_of_work import Transactions
from services.notify.tencent.tokens import Token

NONE_YET = """
    INSERT INTO access_tokens (account, value, expires_at) VALUES (%s, '', 'epoch') ON CONFLICT DO NOTHING"""


class AccessTokens:
    """What tokens.Shared asks for."""

    def __init__(self, transactions: Transactions):
        self.transactions = transactions

    def exchange(self, account: str, refused: str | None, fetch: Callable[[], Token]) -> Token | None:
        """While one asks the platform the others wait here, and find what it brought."""
        try:
            return self.transactions.run(lambda uow, _now: exchanged(uow.connection, account, refused, fetch))
        except (DBAPIError, TimeoutError):
            return None


def exchanged(connection: Connection, account: str, refused: str | None, fetch: Callable[[], Token]) -> Token:
    connection.exec_driver_sql(NONE_YET, (account,))
    asked = "SELECT value, expires_at FROM access_tokens WHERE account = %s FOR UPDATE"
    value, expires_at = connection.exec_driver_sql(asked, (account,)).one()
    if value not in ("", refused) and expires_at > datetime.now(UTC):
        return Token(value, expires_at.timestamp())
    token = fetch()
    row = (token.value, datetime.fromtimestamp(token.expires, UTC), account)
    connection.exec_driver_sql("UPDATE access_tokens SET value = %s, expires_at = %s WHERE account = %s", row)
    return token
