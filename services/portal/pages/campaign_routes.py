"""Ways over the base that teams often take, to start a campaign from: data, as (facility, hours, least, most gap)."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext

ROUTES: Mapping[str, tuple[Any, tuple[tuple[str, str, str, str], ...]]] = {
    "film": (
        lazy_gettext("Nano-silver film, ring assembly, ageing within 48 h"),
        (("PLAT-01", "4", "", ""), ("LINE-1", "4", "1", "72"), ("LAB-1", "24", "", "48")),
    ),
    "power": (
        lazy_gettext("Power module: packaging, electrical test, ageing"),
        (("PLAT-02", "4", "", ""), ("LAB-7", "2", "2", "72"), ("LAB-1", "48", "", "48")),
    ),
    "board": (
        lazy_gettext("Circuit board: rapid prototype, SMT assembly, EMC test"),
        (("PLAT-05", "3", "", ""), ("LINE-2", "4", "", "120"), ("LAB-3", "4", "12", "168")),
    ),
}


def routes_over(facilities: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The routes that this base has all facilities for, by name, with what they are called."""
    codes = {each["code"] for each in facilities if each["active"]}
    return {
        name: label for name, (label, steps) in ROUTES.items() if all(facility in codes for facility, *_ in steps)
    }
