"""A line whose product families keep apart, and a lab whose chambers are shared.

    LINE-1   1 line, weekdays 8 to 20, buffers of 15 minutes; board→module 2 h, module→board 1 h, others none
    LAB-9    chambers A and B with 5 and 2 places, day and night; runs within 5 ℃ and 2 ℃ a minute go together
"""

from dataclasses import replace

from services.booking.domain.run import Run
from tests.unit.booking.examples import ALL_DAY, facility_changed, request

FAMILIES = ("board", "module", "sensor")
CHANGEOVER = (("board", "module", 120), ("module", "board", 60), ("sensor", "board", 20))
SHARING = {"temperature_within": 5, "ramp_within": 2, "contamination": [["clean", "solder"], ["salt"]]}
PLACES = {"A": 5, "B": 2}


def line_1(**changes):
    return facility_changed("LINE-1", **{
        "kind": "line", "granularity_minutes": 15, "setup_minutes": 15, "cleardown_minutes": 15,
        "approval": "automatic",
        "families": [{"code": code, "names": {"zh-Hans": code, "en": code}} for code in FAMILIES],
        "changeover": [{"former": former, "next": to, "minutes": minutes} for former, to, minutes in CHANGEOVER],
        **changes,
    })


def lab_9(places=None, **changes):
    units = [
        {"code": code, "names": {"zh-Hans": code, "en": code}, "places": number}
        for code, number in (places or PLACES).items()
    ]
    return replace(facility_changed("LAB-9", **{
        "opening_hours": [ALL_DAY] * 7, "longest_minutes": 60_000, "setup_minutes": 0,
        "cleardown_minutes": 30, "approval": "automatic", "sharing": SHARING, **changes,
    }), units=units)


def profile(temperature=85, ramp=3, contamination="clean"):
    return {"temperature": temperature, "ramp": ramp, "contamination": contamination}


def shared_run(places=1, **fields):
    return Run(places=places, profile=profile(**fields))


def shared(actor="ann", span=None, places=1, unit=None, **fields):
    """A request for places in LAB-9."""
    return request(actor, span, "LAB-9", unit=unit, places=places, profile=profile(**fields))
