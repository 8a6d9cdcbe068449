"""What may be asked of accounts about the screens at doors and in the hall."""

from dataclasses import dataclass
from typing import Annotated

from services.contracts.commands.accounts import AccountsCommand
from services.contracts.values import Code, Identifier, Name, Pattern


@dataclass(frozen=True, kw_only=True)
class CreatePairing(AccountsCommand):
    """Make a code with which a screen is tied to a facility's door, or to the hall; it is shown once, in the answer."""

    name: Name
    facility: Code | None = None


@dataclass(frozen=True, kw_only=True)
class PairDevice(AccountsCommand):
    """A screen shows the code and gets a secret of its own, in the answer, by which it is known from then on."""

    code: Annotated[str, Pattern(r"[A-Za-z0-9 -]{8,12}")]


@dataclass(frozen=True, kw_only=True)
class RevokeDevice(AccountsCommand):
    """End what a screen may do."""

    device: Identifier
