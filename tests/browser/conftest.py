"""The pages in the system's Chromium, before the whole stack."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.visit import Visit

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Patience for a busy machine; what must be quick says so in its own test.
expect.set_options(timeout=15_000)
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="session")
def portal_url(stack):
    return stack.portal


@pytest.fixture(scope="session")
def demo_password(stack):
    return stack.password


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "there is no browser; install the packages chromium and fonts-noto-cjk"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sessions():
    """The cookies of those who are signed in, so that each person signs in once."""
    return {}


@pytest.fixture
def visit(chromium, portal_url, demo_password, sessions):
    """visit("member01", width=390, ...) is a page in a browser of its own; errors in it fail the test."""
    opened = []

    def visiting(person=None, **options):
        found = Visit(chromium, portal_url, **options)
        opened.append(found)
        if person:
            found.enter(person, demo_password, sessions)
        return found

    yield visiting
    for each in opened:
        each.context.close()
    faults = [fault for each in opened for fault in each.faults]
    assert faults == []


@pytest.fixture(scope="session")
def axe():
    """The source of the accessibility checker."""
    assert AXE.exists(), "axe-core is missing; run make assets"
    return AXE.read_text()
