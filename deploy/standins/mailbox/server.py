"""The mailbox's HTTP side: the API for tests, the page for people."""

import re

from deploy.standins.controls import add_controls
from deploy.standins.faults import Faults
from deploy.standins.layout import language, language_switch, page
from deploy.standins.mailbox.inbox import KEPT, Inbox
from deploy.standins.mailbox.page import HTML_POLICY, mailbox_page
from deploy.standins.mailbox.texts import TEXTS
from deploy.standins.web import Reply, Request, Routes, json_reply, redirect

LISTED = 200  # rows on the page; the API gives all


def mailbox_routes(inbox: Inbox, faults: Faults) -> Routes:
    routes = Routes()
    add_controls(routes, faults)
    _add_api(routes, inbox)
    _add_page(routes, inbox, faults)
    return routes


def _add_api(routes: Routes, inbox: Inbox) -> None:
    """GET /api/messages answers a plain list, newest first."""

    def messages(request: Request) -> Reply:
        asked = {name: request.query.get(name, "") for name in ("to", "subject")}
        return json_reply(inbox.search(**asked))

    def empty(_request: Request) -> Reply:
        inbox.empty()
        return Reply(status=204)

    routes.add("GET", "/api/messages", messages)
    routes.add("DELETE", "/api/messages", empty)


def _add_page(routes: Routes, inbox: Inbox, faults: Faults) -> None:
    def show(request: Request, number: str = "") -> Reply:
        if switch := language_switch(request):
            return switch
        code, words, mail = language(request), request.query.get("q", ""), _found(inbox, number)
        missing, view = bool(number) and mail is None, request.query.get("view", "")
        mails = inbox.search(words=words, count=LISTED)
        body = mailbox_page(code, mails, len(inbox), KEPT, faults.waiting(), words, mail, view, missing)
        return page(request, "mailbox", TEXTS[code]["title"], body, 404 if missing else 200)

    def html_part(_request: Request, number: str) -> Reply:
        mail = _found(inbox, number)
        if mail is None or mail["html"] is None:
            return json_reply({"error": "not_found"}, 404)
        return Reply(
            links_open_tabs(mail["html"]).encode(),
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": HTML_POLICY},
        )

    def empty(_request: Request) -> Reply:
        inbox.empty()
        return redirect("/")

    routes.add("GET", "/", show)
    routes.add("GET", "/messages/{number}", show)
    routes.add("GET", "/messages/{number}/html", html_part)
    routes.add("POST", "/empty", empty)


def _found(inbox: Inbox, number: str) -> dict | None:
    return inbox.find(int(number)) if number.isdecimal() else None


def links_open_tabs(html: str) -> str:
    """The mail's HTML with one addition, so that a click does not try to load the portal into the mail's frame."""
    base = '<base target="_blank">'
    changed, found = re.subn(r"(?i)<head(\s[^>]*)?>", lambda head: head[0] + base, html, count=1)
    return changed if found else base + html
