"""The picture that belongs to a ticket. It looks like a code to scan; no phone outside can do anything with it."""

import hashlib

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
