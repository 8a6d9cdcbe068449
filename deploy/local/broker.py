"""The broker's users and rights as RabbitMQ reads them at its start.

    python -m deploy.local.broker > definitions.json

takes the users from <NAME>_AMQP_URL in the environment and the administrator from AMQP_URL;
the compose file uses it.
"""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from services.contracts.messaging.topology import PERMISSIONS

ADMINISTRATOR = "admin"


def definitions(passwords: Mapping[str, str]) -> dict[str, Any]:
    """Passwords by name ("broker.booking", "broker.admin", ...) in, everything on the broker's first level out."""
    rights = {user: (right.configure, right.write, right.read) for user, right in PERMISSIONS.items()}
    rights[ADMINISTRATOR] = (".*", ".*", ".*")
    return {
        "vhosts": [{"name": "/"}],
        "users": [
            {
                "name": user,
                "password_hash": password_hash(passwords[f"broker.{user}"], secrets.token_bytes(4)),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": ["administrator"] if user == ADMINISTRATOR else [],
            }
            for user in rights
        ],
        "permissions": [
            {"user": user, "vhost": "/", "configure": configure, "write": write, "read": read}
            for user, (configure, write, read) in rights.items()
        ],
    }


def password_hash(password: str, salt: bytes) -> str:
    """RabbitMQ's own: the salt, then SHA-256 of salt and password, in base 64."""
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def password_in(url: str) -> str:
    return unquote(urlsplit(url).password or "")


def main() -> None:
    passwords = {f"broker.{user}": password_in(os.environ[f"{user.upper()}_AMQP_URL"]) for user in PERMISSIONS}
    passwords[f"broker.{ADMINISTRATOR}"] = password_in(os.environ["AMQP_URL"])
    print(json.dumps(definitions(passwords), indent=1))


if __name__ == "__main__":
    main()
