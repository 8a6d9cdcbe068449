"""The mailbox's page: the list on the left, one mail on the right (on a phone one after the other)."""

from urllib.parse import urlencode

from markupsafe import Markup

from deploy.standins.layout import fault_strip, form_button, join, local_time
from deploy.standins.mailbox.invitation import read_invitation
from deploy.standins.mailbox.texts import TEXTS

VIEWS = ("html", "text", "invitation", "headers")
# a link in a mail opens a tab of its own; nothing in the mail may run, load or send
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
HTML_POLICY = f"sandbox {SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
BODY = Markup("""<div class="split {state}"><section class="pane list" aria-label="{title}">
<div class="tools"><form class="search" method="get" action="/"><input name="q" type="search" value="{words}"
 placeholder="{search}" aria-label="{search}"><button>{find}</button></form>{empty}</div>
<div id="mails" data-live><p class="count">{arrived}<small>{kept}</small></p>{faults}{mails}</div></section>
<section class="pane mail">{mail}</section></div>""")
ROW = Markup("""<a class="row{current}" href="/messages/{number}{query}"{marked}><span class="line"><b>{subject}</b>
<time>{time}</time></span><span class="line"><span class="who">{to}</span>{badge}</span></a>""")
BADGE = Markup('<span class="badge {method}">{label}</span>')
MAIL = Markup("""<a class="back" href="/{query}">‹ {back}</a><header><h1>{subject}</h1>
<dl class="facts">{facts}</dl>{warning}<nav class="views">{views}</nav></header>{content}""")
HINT = Markup('<div class="hint"><b>{}</b><p>{}</p></div>')


def mailbox_page(
    code: str,
    mails: list[dict],
    total: int,
    kept: int,
    faults: list[dict],
    words: str = "",
    mail: dict | None = None,
    view: str = "",
    missing: bool = False,
) -> Markup:
    texts = TEXTS[code]
    query = "?" + urlencode({"q": words}) if words else ""
    shown = _mail(mail, view, texts, query) if mail else HINT.format(texts["missing" if missing else "choose"], "")
    return BODY.format(
        state="reading" if mail or missing else "browsing",
        title=texts["title"],
        words=words,
        search=texts["search"],
        find=texts["find"],
        empty=form_button("/empty", texts["empty"], "quiet"),
        arrived=texts["arrived"].format(count=total),
        kept=texts["kept"].format(kept=f"{kept:,}"),
        faults=fault_strip(faults, texts["faults"], texts["clear_faults"]),
        mails=_rows(mails, mail, texts, query, words),
        mail=shown,
    )


def _rows(mails: list[dict], current: dict | None, texts: dict, query: str, words: str) -> Markup:
    if not mails:
        return HINT.format(*((texts["nothing_found"], "") if words else (texts["nothing"], texts["nothing_hint"])))
    return join(_row(mail, current is not None and mail["number"] == current["number"], texts, query) for mail in mails)


def _row(mail: dict, current: bool, texts: dict, query: str) -> Markup:
    method = read_invitation(mail["calendar"]).get("METHOD", "") if mail["calendar"] else ""
    return ROW.format(
        current=" current" if current else "",
        marked=Markup(' aria-current="true"') if current else "",
        number=mail["number"],
        query=query,
        subject=mail["subject"] or texts["no_subject"],
        time=local_time(mail["received_at"]),
        to=mail["to"],
        badge=BADGE.format(method=method.lower(), label=texts.get(method, method)) if method else "",
    )


def _mail(mail: dict, view: str, texts: dict, query: str) -> Markup:
    view = view if view in VIEWS else next((name for name in ("html", "text") if mail[name]), "headers")
    facts = {
        "from": mail["headers"].get("From", mail["from"]),
        "to": mail["to"],
        "received": local_time(mail["received_at"]),
        "attachments": ", ".join(f"{part['name']} ({part['size']} B)" for part in mail["attachments"]),
    }
    return MAIL.format(
        back=texts["back"],
        query=query,
        subject=mail["subject"] or texts["no_subject"],
        facts=_pairs({texts[name]: value for name, value in facts.items() if value}),
        warning=Markup('<p class="warning">{}</p>').format(texts["eight_bit"]) if mail["eight_bit"] else "",
        views=join(_tab(mail, name, name == view, texts, query) for name in VIEWS),
        content=_content(mail, view, texts),
    )


def _tab(mail: dict, name: str, current: bool, texts: dict, query: str) -> Markup:
    address = f"/messages/{mail['number']}{query}{'&' if query else '?'}view={name}"
    return Markup('<a href="{}"{}>{}</a>').format(
        address, Markup(' aria-current="page"') if current else "", texts[name]
    )


def _content(mail: dict, view: str, texts: dict) -> Markup:
    if view == "headers":
        return Markup('<dl class="pairs code">{}</dl>').format(_pairs(mail["headers"]))
    content = mail["calendar" if view == "invitation" else view]
    if not content:
        return HINT.format(texts["no_part"], "")
    if view == "html":
        return Markup('<iframe sandbox="{}" title="{}" src="/messages/{}/html"></iframe>').format(
            SANDBOX, texts["html"], mail["number"]
        )
    if view == "text":
        return Markup("<pre>{}</pre>").format(content)
    return _invitation(content, texts)


def _invitation(calendar: str, texts: dict) -> Markup:
    found = read_invitation(calendar)
    method = found.pop("METHOD", "")
    return Markup(
        '<div class="event">{}<dl class="pairs">{}</dl></div><details><summary>{}</summary><pre>{}</pre></details>'
    ).format(
        BADGE.format(method=method.lower(), label=texts.get(method, method)) if method else "",
        _pairs({texts[name]: value for name, value in found.items()}),
        texts["raw_calendar"],
        calendar,
    )


def _pairs(pairs: dict[str, str]) -> Markup:
    return join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in pairs.items())
