"""The people the stand-in knows: every id that starts with "demo-" is a follower and colleague until told otherwise."""

KNOWN_PREFIX = "demo-"
STATES = ("following", "unfollowed", "blocked", "unlicensed", "unknown")


class People:
    def __init__(self):
        self._states: dict[str, str] = {}

    def state(self, person: str) -> str:
        default = "following" if person.startswith(KNOWN_PREFIX) else "unknown"
        return self._states.get(person.lower(), default)

    def set_state(self, person: str, state: str) -> None:
        self._states[person.lower()] = state

    def told(self) -> dict[str, str]:
        """The people whose state was set by hand."""
        return dict(self._states)
