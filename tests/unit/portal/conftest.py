"""The portal with fakes behind it."""

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from services.portal.app import create_app
from services.portal.config import Settings
from services.portal.gateway import Gateway
from services.portal.health import Readiness
from services.portal.identities import Identities
from services.portal.limits import Limits
from services.portal.security import csrf_token
from services.portal.sessions import Sessions, sign_in, sign_out
from tests.unit.portal.examples import ANSWERS, an_identity
from tests.unit.portal.fakes import FakeClient, FakeRedis

TRANSLATIONS = Path(__file__).parents[3] / "services/portal/translations"


@pytest.fixture(scope="session", autouse=True)
def catalogues():
    """The catalogues as the build would compile them."""
    for source in TRANSLATIONS.rglob("messages.po"):
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(text))


@pytest.fixture(autouse=True)
def assets(monkeypatch):
    """Pages name their assets even where nothing was built."""
    monkeypatch.setattr(
        "services.portal.pages.layout.manifest",
        lambda entry="": {"file": "assets/main.js", "css": ["assets/main.css"]},
    )


@pytest.fixture
def services():
    client = FakeClient()
    client.answers |= ANSWERS
    client.people["lead01"] = an_identity()
    client.passwords["lead01"] = "correct horse"
    for scope in ("read", "reserve", "manage"):
        client.tokens[f"pbb_{scope}"] = an_identity(scopes=[scope])
    return client


@pytest.fixture
def redis():
    return FakeRedis()


SETTINGS = Settings(
    amqp_url="amqp://nowhere", redis_url="redis://nowhere", secret_key="k" * 32, public_url="http://localhost"
)


@pytest.fixture
def settings():
    return SETTINGS


@pytest.fixture(scope="session")
def portal():
    """Put together once, because describing the API takes longer than a test."""
    portal = create_app(SETTINGS, FakeClient(), FakeRedis())
    portal.extensions.pop("error_page")  # the pages' own tests look at it
    portal.add_url_rule("/probe", "probe", lambda: "seen", methods=["GET", "POST"])
    portal.add_url_rule("/probe/form", "probe_form", csrf_token)
    portal.add_url_rule("/probe/enter", "probe_enter", enter)
    portal.add_url_rule("/probe/leave", "probe_leave", leave)
    return portal


@pytest.fixture
def app(portal, services, redis):
    """The portal with what it remembers made new."""
    gateway = Gateway(services)
    portal.extensions |= {
        "gateway": gateway, "identities": Identities(gateway), "sessions": Sessions(redis),
        "limits": Limits(redis, per_minute=6000), "readiness": Readiness(gateway, redis),
    }
    yield portal
    portal.extensions.pop("error_page", None)


def leave():
    sign_out()
    return "left"


def enter():
    """What the sign-in page does; answers with the session's CSRF token."""
    sign_in("lead01", "correct horse")
    return csrf_token()


@pytest.fixture
def visitor(app):
    """A browser without a session."""
    return app.test_client()


@pytest.fixture
def browser(app):
    """A browser in which lead01 is signed in; ``browser.token`` is its CSRF token."""
    client = app.test_client()
    client.token = client.get("/probe/enter").text
    return client


@pytest.fixture
def program(app):
    """program("reserve") calls with a token of that scope."""

    def calling(scope, language="en"):
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer pbb_{scope}"
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        return client

    return calling
