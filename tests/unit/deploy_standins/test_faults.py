"""Faults are set for the next calls, and refused where they make no sense."""

import pytest

from deploy.standins.faults import FaultRefused
from deploy.standins.mailbox.sink import smtp_faults


def test_what_is_left_out_or_null_has_its_default():
    fault = smtp_faults().add({"fault": "status", "code": None})
    assert (fault.code, fault.stage, fault.times, fault.when) == (451, "rcpt", 1, "before")


def test_each_call_uses_up_the_oldest_fault_that_fits():
    faults = smtp_faults()
    faults.add({"fault": "status", "times": 2})
    faults.add({"fault": "reset"})
    taken = [faults.take(lambda fault: True) for _ in range(4)]
    assert [fault and fault.fault for fault in taken] == ["status", "status", "reset", None]
    assert faults.waiting() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "body"),
        (None, "body"),
        ({"fault": "earthquake"}, "fault"),
        ({}, "fault"),
        ({"fault": "reset", "when": "later"}, "when"),
        ({"fault": "reset", "times": 0}, "times"),
        ({"fault": "reset", "times": True}, "times"),
        ({"fault": "status", "code": "451"}, "code"),
        ({"fault": "slow", "seconds": 601}, "seconds"),
        ({"fault": "reset", "colour": "red"}, "colour"),
        ({"fault": "reset", "recipient": 5}, "recipient"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_by_field(body, field):
    with pytest.raises(FaultRefused) as refused:
        smtp_faults().add(body)
    assert field in refused.value.args[0]
