"""Quotas: base management sets them, and each change is told."""

import pytest

from services.contracts.commands import SaveQuota
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StaleVersion
from services.contracts.events import QuotaChanged
from services.facilities import handlers
from tests.unit.facilities.fakes import NOW, a_base


@pytest.fixture
def uow():
    return a_base()


def give(uow, actor="chief", **fields):
    wanted = {"quota": "HOURS", "scope": "team", "per": "week", "limit": 2400} | fields
    return handlers.save_quota(SaveQuota(actor=actor, request_key="k", **wanted), uow, NOW)


def test_a_new_quota_is_kept_and_told(uow):
    assert give(uow, subject="team-01", kind="lab") == {"quota": "HOURS", "version": 1}
    (fact,) = uow.events
    assert isinstance(fact, QuotaChanged)
    assert (fact.aggregate_id, fact.scope, fact.subject, fact.kind, fact.limit) == (
        "HOURS", "team", "team-01", "lab", 2400,
    )


def test_a_change_follows_on_the_version_that_was_read(uow):
    give(uow)
    assert give(uow, "admin", limit=1200, version=1)["version"] == 2
    assert give(uow, limit=1200, version=2)["version"] == 2
    assert [fact.limit for fact in uow.events] == [2400, 1200]
    with pytest.raises(StaleVersion):
        give(uow, limit=600, version=1)
    with pytest.raises(NotFound):
        give(uow, quota="OTHER", version=1)


@pytest.mark.parametrize("actor", ["keeper", "member", "gone", "nobody"])
def test_others_set_no_quota(uow, actor):
    with pytest.raises(NotAllowed):
        give(uow, actor)
    assert uow.events == []


@pytest.mark.parametrize(("fields", "words"), [
    ({"off_peak_percent": 50}, ["required"]),
    ({"peak_hours": [[480]]}, ["malformed"]),
    ({"peak_hours": [[480, 1500]]}, ["out_of_range"]),
    ({"peak_hours": [[600, 480]]}, ["ends_before_start"]),
    ({"peak_hours": [[480, 720], [600, 900]]}, ["overlapping"]),
])
def test_off_peak_needs_sound_peak_hours(uow, fields, words):
    with pytest.raises(InvalidInput) as refused:
        give(uow, **fields)
    assert refused.value.facts["errors"] == {"peak_hours": words}


def test_quotas_are_republished(uow):
    give(uow)
    handlers.republish(uow, NOW)
    assert [type(fact).__name__ for fact in uow.events].count("QuotaChanged") == 2
