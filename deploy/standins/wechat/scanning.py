"""The picture that belongs to a ticket, and the pages on which somebody here scans it or goes on as themselves.

The picture looks like a code to scan; no phone outside can do anything with it.
"""

import hashlib

from markupsafe import Markup

from deploy.standins.layout import join
from deploy.standins.wechat.inside import open_tickets
from deploy.standins.wechat.provider import Provider
from deploy.standins.wechat.texts import TEXTS

CODE = Markup("""<form method="post" action="/scan"><img src="/cgi-bin/showqrcode?ticket={ticket}" alt="" width="96"
 height="96"><input type="hidden" name="ticket" value="{ticket}"><input name="person" required
 value="{person}" aria-label="{scan_as}"><button>{scan_as}</button></form>""")
CODES = Markup("""<section class="codes" aria-label="{title}"><h2>{title}</h2>{codes}</section>""")
INSIDE = Markup("""<form method="get" action="/connect/oauth2/authorize" class="hint"><b>{title}</b><p>{hint}</p>
{kept}<p><input name="person" value="demo-member01" required aria-label="{person}"> <button>{go_on}</button></p>
</form>""")
KEPT = Markup('<input type="hidden" name="{}" value="{}">')

SIDE = 21
CORNERS = ((0, 0), (SIDE - 7, 0), (0, SIDE - 7))


def qr_picture(ticket: str) -> bytes:
    """An SVG, the same for the same ticket."""
    bits = hashlib.shake_128(ticket.encode()).digest(SIDE * SIDE)
    cells = [(x, y) for y in range(SIDE) for x in range(SIDE) if not _in_corner(x, y) and bits[y * SIDE + x] & 1]
    path = "".join(f"M{x} {y}h1v1h-1z" for x, y in cells)
    path += "".join(f"M{x} {y}h7v7h-7zm1 1v5h5v-5zm1 1h3v3h-3z" for x, y in CORNERS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {SIDE + 4} {SIDE + 4}" width="300" height="300">'
        f'<rect x="-2" y="-2" width="100%" height="100%" fill="#fff"/><path fill-rule="evenodd" d="{path}"/></svg>'
    ).encode()


def _in_corner(x: int, y: int) -> bool:
    return any(left - 1 <= x <= left + 7 and top - 1 <= y <= top + 7 for left, top in CORNERS)


def open_codes(provider: Provider, texts: dict) -> Markup:
    """The codes that wait to be scanned, each with a button; nothing while there is none."""
    waiting = [
        CODE.format(ticket=ticket, person="demo-phone", scan_as=texts["scan_as"]) for ticket in open_tickets(provider)
    ]
    return CODES.format(title=texts["codes"], codes=join(waiting)) if waiting else Markup("")


def inside_page(code: str, query: dict[str, str]) -> Markup:
    """Who opens the page inside WeChat; the real one asks nothing for a plain id."""
    texts = TEXTS[code]
    kept = join(KEPT.format(name, value) for name, value in query.items())
    words = {name: texts[name] for name in ("go_on", "person")}
    return INSIDE.format(title=texts["inside"], hint=texts["inside_hint"], kept=kept, **words)
