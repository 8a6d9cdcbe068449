"""The board stays light: what a phone must fetch before it can be used."""

import gzip

import httpx

SCRIPT_KILOBYTES = 30
STYLE_KILOBYTES = 12


def test_script_and_style_of_the_board_are_small(visit, portal_url):
    page = visit("member01").open("/board")
    scripts = page.evaluate("[...document.scripts].map(each => each.src)")
    styles = page.evaluate("[...document.querySelectorAll('link[rel=stylesheet]')].map(each => each.href)")
    assert packed(scripts) < SCRIPT_KILOBYTES
    assert packed(styles) < STYLE_KILOBYTES


def test_nothing_is_fetched_from_elsewhere(visit, portal_url, stack):
    asked = []
    found = visit("member01")
    found.page.on("request", lambda request: asked.append(request.url))
    found.open("/board")
    own = (portal_url, stack.description.get("live", portal_url), "data:")
    assert [address for address in asked if not address.startswith(own)] == []


def packed(addresses: list[str]) -> float:
    return sum(len(gzip.compress(httpx.get(address).content)) for address in addresses) / 1024
