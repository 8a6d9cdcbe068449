"""The mails that arrived: the newest 5,000, in memory only, gone when the process ends."""

from datetime import UTC, datetime

from deploy.standins.mailbox.reading import read_mail
from deploy.standins.recent import Recent

KEPT = 5_000


class Inbox:
    def __init__(self, kept: int = KEPT):
        self._mails = Recent(kept)

    def take(self, raw: bytes, sender: str, recipients: list[str]) -> None:
        self._mails.add(read_mail(raw, sender, recipients, datetime.now(UTC).isoformat()))

    def search(self, to: str = "", subject: str = "", words: str = "", count: int | None = None) -> list[dict]:
        """Newest first. `to` is an address, or part of one when it has no @; `words` are part of it or the subject."""
        if not (to or subject or words):
            return self._mails.newest_first(count)
        asked = to.lower(), subject.lower(), words.lower()
        return [mail for mail in self._mails.newest_first() if _meets(mail, *asked)][:count]

    def find(self, number: int) -> dict | None:
        return self._mails.find(number)

    def empty(self) -> None:
        self._mails.clear()

    def __len__(self) -> int:
        return len(self._mails)


def _meets(mail: dict, to: str, subject: str, words: str) -> bool:
    addresses, title = [address.lower() for address in mail["envelope"]["to"]], mail["subject"].lower()
    return (
        (to in addresses if "@" in to else any(to in address for address in addresses))
        and subject in title
        and any(words in text for text in (title, *addresses))
    )
