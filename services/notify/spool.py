"""The mailbox for bounces as a folder (Maildir), into which the mail server puts what comes back."""

import mailbox
from collections.abc import Callable, Iterator
from pathlib import Path

MOST = 200


def read_new(folder: Path, take: Callable[[bytes], str]) -> Iterator[tuple[str, str]]:
    """Hand each new mail to ``take`` and then put it aside: (file, what came of it).

    A mail whose reading fails stays where it is.
    """
    if not (folder / "new").is_dir():
        raise NotADirectoryError(f"{folder} is no Maildir")
    spool = mailbox.Maildir(folder, create=False)
    new = [key for key, mail in spool.iteritems() if mail.get_subdir() == "new"]
    for key in sorted(new)[:MOST]:
        mail = spool.get_message(key)
        outcome = take(spool.get_bytes(key))
        mail.set_subdir("cur")
        mail.add_flag("S")
        spool[key] = mail
        yield key, outcome
