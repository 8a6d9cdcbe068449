"""What is broken: anybody may say so, who manages the facility closes it."""

import pytest

from services.booking import handlers
from services.contracts.commands import CloseFault, ReportFault
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, WrongState
from tests.unit.booking.examples import NOW, command


def report(base, actor="cyd", **fields):
    message = command(ReportFault, actor, **{"facility": "LAB-1", "unit": "B", "text": "no vacuum"} | fields)
    return base.run(handlers.report_fault, message, now=NOW)


def close(base, actor, fault, note="pump replaced"):
    return base.run(handlers.close_fault, command(CloseFault, actor, fault=fault, note=note), now=NOW)


def test_a_fault_is_reported_and_closed(base):
    answer = report(base)
    assert (answer["state"], answer["version"]) == ("open", 1)
    assert close(base, "mia", answer["fault"])["state"] == "closed"
    opened, closed = base.events
    assert (opened.state, opened.text, opened.reporter, opened.unit) == ("open", "no vacuum", "cyd", "B")
    assert (closed.state, closed.version, closed.note, closed.actor) == ("closed", 2, "pump replaced", "mia")
    with pytest.raises(WrongState):
        close(base, "mia", answer["fault"])


@pytest.mark.parametrize("actor", ["ann", "max", "door.LAB-1"])
def test_only_its_managers_close_it(base, actor):
    with pytest.raises(NotFound):
        close(base, actor, report(base)["fault"])


def test_a_door_reports_at_its_own_facility_only(base):
    assert report(base, "door.LAB-1")["state"] == "open"
    for actor in ("door.LAB-3", "hall", "ian", "nobody"):
        with pytest.raises(NotAllowed):
            report(base, actor)


@pytest.mark.parametrize(("fields", "errors"), [
    ({"facility": "LAB-9"}, {"facility": ["unknown"]}),
    ({"unit": "X"}, {"unit": ["unknown_unit"]}),
    ({"text": " \n "}, {"text": ["required"]}),
])
def test_what_is_wrong_is_told(base, fields, errors):
    with pytest.raises(InvalidInput) as refusal:
        report(base, **fields)
    assert refusal.value.facts == {"errors": errors}
