"""What is done with the links by which readers unsubscribe; the link itself is the right to do so."""

from services.contracts.errors import NotAllowed, NotFound
from services.notify import handlers
from services.notify.storage.preferences import ChosenPreferences

CHANNEL = "email"


def unsubscribe(message, uow, now, links):
    """No more mails of the link's category to the link's person. Raises NotFound."""
    person, category = found(links, message.token)
    try:
        handlers.switch_off(person, category, CHANNEL, uow)
    except NotAllowed:
        raise NotFound from None
    uow.note(f"preferences:{person}", category=category.value, channel=CHANNEL, wanted=False)
    return {"category": category.value}


def unsubscribing(connection, token, links):
    """What a link is about: category, the reader's language, and whether mails still come. Raises NotFound."""
    person, category = found(links, token)
    known = ChosenPreferences(connection).person(person)
    if known is None or not known.active:
        raise NotFound
    wanted = known.preferences.wants(category, CHANNEL, known.bound)
    return {"category": category.value, "language": known.language, "wanted": wanted}


def found(links, token):
    read = links.read(token)
    if read is None:
        raise NotFound
    return read
