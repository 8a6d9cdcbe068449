"""The page: one phone per person with what they would see, and the log of requests beside their codes."""

from itertools import groupby
from urllib.parse import urlsplit

from markupsafe import Markup

from deploy.standins.layout import fault_strip, form_button, join, local_time
from deploy.standins.wechat.conversation import Conversation
from deploy.standins.wechat.log_table import log_table
from deploy.standins.wechat.people import STATES
from deploy.standins.wechat.provider import KEPT, Provider
from deploy.standins.wechat.scanning import open_codes
from deploy.standins.wechat.texts import TEXTS

PHONES, BUBBLES, READ = 24, 20, 1_000
BODY = Markup("""<div class="wide"><div class="tools">
<form class="search" method="get" action="/"><input name="q" type="search" value="{words}" placeholder="{search}"
 aria-label="{search}"><button>{find}</button></form><a href="#log">{log_title} ↓</a>{empty}</div>
<div id="phones" data-live><p class="count">{arrived}<small>{kept}</small></p>{faults}{codes}{phones}</div>
<section id="log" data-live aria-label="{log_title}">{log}</section></div>""")
PHONE = Markup("""<article class="phone"><header><h2>{person}</h2>{state}</header><div class="chat" tabindex="0"
 aria-label="{person}">{bubbles}{older}</div></article>""")
STATE = Markup("""<form method="post" action="/people"><input type="hidden" name="person" value="{person}">
<select name="state" aria-label="{label}">{options}</select><button>{button}</button></form>""")
OPTION = Markup('<option value="{}"{}>{}</option>')
BUBBLE = Markup("""<p class="when">{time} · {channel}</p><section class="bubble{hidden}">{title}{content}{flags}{link}
</section>""")
HINT = Markup('<div class="hint"><b>{}</b><p>{}</p></div>')


def wechat_page(code: str, conversation: Conversation, words: str) -> Markup:
    texts, provider = TEXTS[code], conversation.provider
    messages = [message for message in provider.messages.newest_first(READ) if words.lower() in message["to"].lower()]
    return BODY.format(
        words=words,
        search=texts["search"],
        find=texts["find"],
        empty=form_button("/empty", texts["empty"], "quiet"),
        arrived=texts["arrived"].format(count=len(provider.messages)),
        kept=texts["kept"].format(kept=f"{KEPT:,}"),
        faults=fault_strip(conversation.faults.waiting(), texts["faults"], texts["clear_faults"]),
        codes=open_codes(provider, texts),
        phones=_phones(provider, messages, words, texts),
        log_title=texts["log"],
        log=log_table(conversation.requests, provider.tokens, texts),
    )

NOBODY = ("robot", "webhook")
"""What listens there has no state."""


def _phones(provider: Provider, messages: list[dict], words: str, texts: dict) -> Markup:
    if not messages:
        return HINT.format(*((texts["nothing_found"], "") if words else (texts["nothing"], texts["nothing_hint"])))
    latest: dict[str, None] = dict.fromkeys(message["to"] for message in messages)  # whoever was written to last, first
    sorted_by_person = sorted(messages, key=lambda message: list(latest).index(message["to"]))
    phones = [
        _phone(provider, person, list(theirs), texts)
        for person, theirs in groupby(sorted_by_person, key=lambda message: message["to"])
    ]
    hidden = len(phones) - PHONES
    more = Markup('<p class="count">{}</p>').format(texts["more_people"].format(count=hidden)) if hidden > 0 else ""
    return Markup('<div class="phones">{}</div>{}').format(join(phones[:PHONES]), more)


def _phone(provider: Provider, person: str, messages: list[dict], texts: dict) -> Markup:
    older = len(messages) - BUBBLES
    return PHONE.format(
        person=person,
        state=_state(provider, person, texts) if messages[0]["channel"] not in NOBODY else "",
        bubbles=join(_bubble(provider, message, texts) for message in messages[:BUBBLES]),
        older=Markup('<p class="when">{}</p>').format(texts["older"].format(count=older)) if older > 0 else "",
    )


def _state(provider: Provider, person: str, texts: dict) -> Markup:
    current = provider.people.state(person)
    options = join(
        OPTION.format(state, Markup(" selected") if state == current else "", texts[state]) for state in STATES
    )
    return STATE.format(person=person, label=texts["state"], options=options, button=texts["set"])


def _bubble(provider: Provider, message: dict, texts: dict) -> Markup:
    template = provider.settings.templates.get(message.get("template"))
    title = message.get("title")
    return BUBBLE.format(
        time=local_time(message["received_at"]),
        channel=texts[message["channel"]],
        hidden="" if message["shown"] else " hidden",
        title=Markup("<h3>{}</h3>").format(title) if title else "",
        content=_fields(message["data"], template) if template else Markup("<p>{}</p>").format(message.get("text", "")),
        flags=join(Markup('<p class="flag">{}</p>').format(_flag(flag, texts)) for flag in message["flags"]),
        link=_link(message.get("url") or (message.get("data") or {}).get("url"), texts),
    )


def _fields(data: dict, template: dict) -> Markup:
    rows = ((label, data.get(key, {})) for key, label in template["fields"].items())
    return Markup("<dl>{}</dl>").format(
        join(Markup("<dt>{}</dt><dd>{}</dd>").format(label, sent.get("value", "")) for label, sent in rows)
    )


def _flag(flag: str, texts: dict) -> str:
    name, _, field = flag.partition(" ")
    return texts[name] + field


def _link(url: object, texts: dict) -> Markup:
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https"):
        return Markup("")
    return Markup('<a class="open" href="{}" target="_blank" rel="noopener noreferrer">{} ›</a>').format(
        url, texts["details"]
    )
