"""The WeChat stand-in's routes: the provider's own, and those for tests and people."""

from deploy.standins.controls import add_controls
from deploy.standins.layout import language, language_switch, page
from deploy.standins.web import Reply, Request, Routes, json_reply, redirect
from deploy.standins.wechat.conversation import Conversation
from deploy.standins.wechat.judge import ENDPOINTS
from deploy.standins.wechat.page import wechat_page
from deploy.standins.wechat.people import STATES
from deploy.standins.wechat.scanning import qr_picture
from deploy.standins.wechat.texts import TEXTS

FILTERS = ("channel", "to", "template")


def wechat_routes(conversation: Conversation) -> Routes:
    routes = Routes()
    for path in ENDPOINTS:
        for method in ("GET", "POST"):
            routes.add(method, path, conversation.answer)
    add_controls(routes, conversation.faults)
    _add_lists(routes, conversation)
    _add_people_and_clock(routes, conversation)
    _add_page(routes, conversation)
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


def _add_people_and_clock(routes: Routes, conversation: Conversation) -> None:
    provider = conversation.provider

    def set_person(request: Request) -> Reply:
        person, state = _asked(request, "person"), _asked(request, "state")
        if not isinstance(person, str) or not person or state not in STATES:
            return _invalid({"person": "a text", "state": "one of " + ", ".join(STATES)})
        provider.people.set_state(person, state)
        return json_reply({"person": person, "state": state})

    def move_clock(request: Request) -> Reply:
        seconds = _asked(request, "seconds")
        if not isinstance(seconds, int | float) or seconds < 0:
            return _invalid({"seconds": "a number from 0"})
        provider.clock.ahead += seconds
        return json_reply({"ahead": provider.clock.ahead})

    routes.add("GET", "/api/people", lambda _request: json_reply(provider.people.told()))
    routes.add("POST", "/api/people", set_person)
    routes.add("POST", "/api/clock", move_clock)
    routes.add(
        "GET",
        "/api/tokens",
        lambda _request: json_reply({"issued": provider.tokens.issued, "asked": provider.tokens.asked}),
    )


def _asked(request: Request, name: str) -> object:
    body = request.json()
    return body.get(name) if isinstance(body, dict) else None


def _invalid(errors: dict[str, str]) -> Reply:
    return json_reply({"error": "invalid", "errors": errors}, 422)


def _add_page(routes: Routes, conversation: Conversation) -> None:
    provider = conversation.provider

    def show(request: Request) -> Reply:
        if switch := language_switch(request):
            return switch
        code = language(request)
        body = wechat_page(code, conversation, request.query.get("q", ""))
        return page(request, "wechat", TEXTS[code]["title"], body)

    def set_state(request: Request) -> Reply:
        form = request.form()
        if form.get("person") and form.get("state") in STATES:
            provider.people.set_state(form["person"], form["state"])
        return redirect("/")

    def empty(_request: Request) -> Reply:
        provider.messages.clear()
        conversation.requests.clear()
        return redirect("/")

    def picture(request: Request) -> Reply:
        ticket = request.query.get("ticket", "")
        if ticket not in provider.tickets:
            return json_reply({"error": "not_found"}, 404)
        return Reply(qr_picture(ticket), content_type="image/svg+xml")

    routes.add("GET", "/", show)
    routes.add("POST", "/people", set_state)
    routes.add("POST", "/empty", empty)
    routes.add("GET", "/cgi-bin/showqrcode", picture)
