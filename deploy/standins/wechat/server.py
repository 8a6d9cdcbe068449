"""The WeChat stand-in's routes: the provider's own, and those for tests and people."""

from urllib.parse import urlsplit

from deploy.standins.controls import add_controls
from deploy.standins.layout import POLICY, language, language_switch, page
from deploy.standins.web import Reply, Request, Routes, json_reply, redirect
from deploy.standins.wechat import inside
from deploy.standins.wechat.callbacks import TWISTS
from deploy.standins.wechat.conversation import Conversation
from deploy.standins.wechat.hooks import add_hooks
from deploy.standins.wechat.judge import ENDPOINTS
from deploy.standins.wechat.page import wechat_page
from deploy.standins.wechat.people import STATES
from deploy.standins.wechat.provider import Provider
from deploy.standins.wechat.scanning import inside_page, qr_picture
from deploy.standins.wechat.texts import TEXTS

FILTERS = ("channel", "to", "template")


def wechat_routes(conversation: Conversation) -> Routes:
    routes = Routes()
    for path in ENDPOINTS:
        for method in ("GET", "POST"):
            routes.add(method, path, conversation.answer)
    add_hooks(routes, conversation)
    add_controls(routes, conversation.faults)
    _add_lists(routes, conversation)
    _add_people(routes, conversation.provider)
    _add_callbacks(routes, conversation.provider)
    _add_page(routes, conversation)
    _add_forms(routes, conversation)
    _add_inside(routes, conversation.provider)
    return routes


def _add_lists(routes: Routes, conversation: Conversation) -> None:
    messages, requests = conversation.provider.messages, conversation.requests

    def list_messages(request: Request) -> Reply:
        """What people saw; with ?shown=all also what the provider took and showed nobody."""
        asked = {name: request.query[name] for name in FILTERS if name in request.query}
        every = request.query.get("shown") == "all"
        return json_reply(
            [
                message
                for message in messages.newest_first()
                if (every or message["shown"]) and asked.items() <= message.items()
            ]
        )

    def empty(recent):
        def answer(_request: Request) -> Reply:
            recent.clear()
            return Reply(status=204)

        return answer

    routes.add("GET", "/api/messages", list_messages)
    routes.add("DELETE", "/api/messages", empty(messages))
    routes.add("GET", "/api/requests", lambda _request: json_reply(requests.newest_first()))
    routes.add("DELETE", "/api/requests", empty(requests))


def _add_people(routes: Routes, provider: Provider) -> None:
    """Who follows whom, what somebody scans, and the clock by which all of it lapses."""

    def set_person(request: Request) -> Reply:
        person, state = _asked(request, "person"), _asked(request, "state")
        if not isinstance(person, str) or not person or state not in STATES:
            return _invalid({"person": "a text", "state": "one of " + ", ".join(STATES)})
        inside.set_state(provider, person, state)
        return json_reply({"person": person, "state": state})

    def move_clock(request: Request) -> Reply:
        seconds = _asked(request, "seconds")
        if not isinstance(seconds, int | float) or seconds < 0:
            return _invalid({"seconds": "a number from 0"})
        provider.clock.ahead += seconds
        return json_reply({"ahead": provider.clock.ahead})

    def scan(request: Request) -> Reply:
        person, ticket = _asked(request, "person"), _asked(request, "ticket")
        if not isinstance(person, str) or not person or not isinstance(ticket, str):
            return _invalid({"person": "a text", "ticket": "a text"})
        if wrong := inside.scan(provider, person, ticket):
            return _invalid({"ticket": wrong})
        return json_reply({"person": person, "ticket": ticket})

    routes.add("GET", "/api/people", lambda _request: json_reply(provider.people.told()))
    routes.add("POST", "/api/people", set_person)
    routes.add("POST", "/api/clock", move_clock)
    routes.add("POST", "/api/scan", scan)


def _add_callbacks(routes: Routes, provider: Provider) -> None:
    """What the platform reports to our address, and what it has handed out."""

    def report(request: Request) -> Reply:
        """A report of any kind, with what is wrong about it; answers what our address answered."""
        person, event, twist = (_asked(request, name) for name in ("person", "event", "twist"))
        fields = _asked(request, "fields") or {}
        if not isinstance(person, str) or not isinstance(event, str) or twist not in (None, *TWISTS):
            return _invalid({"person": "a text", "event": "a text", "twist": "one of " + ", ".join(TWISTS)})
        return json_reply({"tries": provider.callbacks.send(person, event, twist or "", **fields)})

    def tokens(_request: Request) -> Reply:
        return json_reply({"issued": provider.tokens.issued, "asked": provider.tokens.asked})

    routes.add("POST", "/api/callbacks", report)
    routes.add("GET", "/api/callbacks", lambda _request: json_reply(provider.callbacks.log.newest_first()))
    routes.add("POST", "/api/callbacks/prove", lambda _request: json_reply(provider.callbacks.prove()))
    routes.add("GET", "/api/tickets", lambda _request: json_reply(inside.open_tickets(provider)))
    routes.add("GET", "/api/tokens", tokens)


def _asked(request: Request, name: str) -> object:
    body = request.json()
    return body.get(name) if isinstance(body, dict) else None


def _invalid(errors: dict[str, str]) -> Reply:
    return json_reply({"error": "invalid", "errors": errors}, 422)


def _add_page(routes: Routes, conversation: Conversation) -> None:
    def show(request: Request) -> Reply:
        if switch := language_switch(request):
            return switch
        code = language(request)
        body = wechat_page(code, conversation, request.query.get("q", ""))
        return page(request, "wechat", TEXTS[code]["title"], body)

    def picture(request: Request) -> Reply:
        ticket = request.query.get("ticket", "")
        if ticket not in conversation.provider.tickets:
            return json_reply({"error": "not_found"}, 404)
        return Reply(qr_picture(ticket), content_type="image/svg+xml")

    routes.add("GET", "/", show)
    routes.add("GET", "/cgi-bin/showqrcode", picture)


def _add_forms(routes: Routes, conversation: Conversation) -> None:
    """What the page's buttons do."""
    provider = conversation.provider

    def set_state(request: Request) -> Reply:
        form = request.form()
        if form.get("person") and form.get("state") in STATES:
            inside.set_state(provider, form["person"], form["state"])
        return redirect("/")

    def empty(_request: Request) -> Reply:
        provider.messages.clear()
        conversation.requests.clear()
        return redirect("/")

    def scan(request: Request) -> Reply:
        form = request.form()
        if form.get("person"):
            inside.scan(provider, form["person"], form.get("ticket", ""))
        return redirect("/")

    routes.add("POST", "/people", set_state)
    routes.add("POST", "/empty", empty)
    routes.add("POST", "/scan", scan)


def _add_inside(routes: Routes, provider: Provider) -> None:
    """The page on which somebody inside WeChat goes on as themselves."""

    def ask(request: Request) -> Reply:
        query = request.query
        back = query.get("redirect_uri", "")
        if not inside.is_known(provider, query.get("appid", "")) or not inside.is_return_address(back):
            return json_reply({"error": "redirect_uri"}, 400)
        if not inside.is_state(query.get("state", "")):
            return json_reply({"error": "state"}, 400)
        if "person" in query:
            return redirect(inside.allowed(provider, query["person"], query))
        code = language(request)
        shown = page(request, "wechat", TEXTS[code]["inside"], inside_page(code, query))
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(back))  # browsers hold a form's redirect to this rule, too
        shown.headers["Content-Security-Policy"] = POLICY.replace("form-action 'self'", f"form-action 'self' {origin}")
        return shown

    routes.add("GET", "/connect/oauth2/authorize", ask)
