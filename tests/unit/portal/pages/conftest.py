"""The pages before a small base in memory; ``as_person("member01")`` is a browser in which somebody is signed in."""

import re

import pytest

from services.portal.pages.errors import error_page
from tests.unit.portal.pages import documents
from tests.unit.portal.pages.fake_base import FakeBase
from tests.unit.portal.pages.fake_catalogue import PASSWORD


@pytest.fixture
def services():
    return FakeBase()


@pytest.fixture
def app(app, monkeypatch):
    """The shared portal, with the pages' own error page."""
    monkeypatch.setitem(app.extensions, "error_page", error_page)
    return app


class Browser:
    """Follows forms as a person without script does."""

    def __init__(self, client):
        self.client = client
        self.headers = {}

    def get(self, address, **options):
        return self.client.get(address, headers=self.headers | options.pop("headers", {}), **options)

    def post(self, address, data=None, fragment=False):
        headers = self.headers | ({"HX-Request": "true"} if fragment else {})
        return self.client.post(address, data={"csrf_token": self.token(), **(data or {})}, headers=headers)

    def token(self):
        return re.search(
            r'name="csrf-token" content="([0-9a-f]+)"', self.get("/account").text or self.get("/sign-in").text
        )[1]

    def page(self, address, status=200):
        answer = self.get(address)
        assert answer.status_code == status
        return documents.read(answer.text)


@pytest.fixture
def as_person(app):
    def signing_in(person, language="zh-Hans"):
        browser = Browser(app.test_client())
        browser.client.set_cookie("language", language)
        token = re.search(r'name="csrf-token" content="([0-9a-f]+)"', browser.get("/sign-in").text)[1]
        answer = browser.client.post("/sign-in", data={"csrf_token": token, "name": person, "password": PASSWORD})
        assert answer.status_code == 303
        return browser

    return signing_in


@pytest.fixture
def member(as_person):
    return as_person("member01")


@pytest.fixture
def manager(as_person):
    return as_person("manager-labs")


@pytest.fixture
def admin(as_person):
    return as_person("admin")
