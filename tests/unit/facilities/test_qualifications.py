"""Trainings: who may grant what, what is told, who is warned when, and asking for one."""

import uuid
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.commands import (
    DecideTraining,
    GrantQualifications,
    RequestTraining,
    SaveQualification,
    WithdrawTraining,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, StaleVersion, WrongState
from services.contracts.events import HolderChanged, QualificationExpiring, TrainingChanged
from services.facilities import handlers
from services.facilities.domain.qualifications import WARNED_DAYS, days_left, warning_due
from tests.unit.facilities.fakes import NOW, a_base, a_person, save

NAMES = {"zh-Hans": "电磁兼容上机培训", "en": "EMC operation"}
DAY = timedelta(days=1)
ends = st.integers(-3 * 1440, 60 * 1440).map(lambda minutes: NOW + timedelta(minutes=minutes))


@pytest.fixture
def uow():
    """LAB-1, which ``keeper`` manages, requires EMC; ESD is required nowhere."""
    uow = a_base()
    for code in ("EMC", "ESD"):
        do(uow, SaveQualification, "admin", qualification=code, names=NAMES)
    handlers.save_facility(save(version=1, qualifications=["EMC"]), uow, NOW)
    uow.people.keep(a_person("lead01"))
    uow.events.clear()
    return uow


def do(uow, kind, actor, now=NOW, **fields):
    handler = {
        SaveQualification: handlers.save_qualification, GrantQualifications: handlers.grant_qualifications,
        RequestTraining: handlers.request_training, DecideTraining: handlers.decide_training,
        WithdrawTraining: handlers.withdraw_training,
    }[kind]
    return handler(kind(actor=actor, request_key=uuid.uuid4().hex, **fields), uow, now)


def grant(uow, actor, *lines, now=NOW):
    grants = [{"person": person, "qualification": code, "until": until} for person, code, until in lines]
    return do(uow, GrantQualifications, actor, now, grants=grants)


class TestGranting:
    def test_a_bulk_is_one_fact_for_each_person(self, uow):
        grant(uow, "admin", ("lead01", "EMC", NOW + DAY), ("lead01", "ESD", NOW + DAY), ("member", "EMC", NOW + DAY))
        assert [(fact.holder, fact.version, len(fact.grants)) for fact in uow.events] == [
            ("lead01", 1, 2), ("member", 1, 1),
        ]
        assert all(isinstance(fact, HolderChanged) for fact in uow.events)

    def test_a_later_grant_replaces_and_null_takes_away(self, uow):
        grant(uow, "admin", ("lead01", "EMC", NOW + DAY))
        grant(uow, "admin", ("lead01", "EMC", NOW + 2 * DAY))
        assert uow.holders.get("lead01").grants == {"EMC": NOW + 2 * DAY}
        grant(uow, "admin", ("lead01", "EMC", None))
        assert (uow.holders.get("lead01").grants, uow.events[-1].version, uow.events[-1].grants) == ({}, 3, [])

    def test_the_same_again_tells_nothing(self, uow):
        for _ in range(2):
            grant(uow, "admin", ("lead01", "EMC", NOW + DAY))
        assert len(uow.events) == 1

    def test_every_wrong_line_is_told_and_nothing_is_kept(self, uow):
        with pytest.raises(InvalidInput) as refused:
            grant(uow, "admin", ("lead01", "EMC", NOW + DAY), ("ghost", "EMC", NOW), ("lead01", "XYZ", NOW))
        assert refused.value.facts["errors"] == {"grants.1.person": ["unknown"], "grants.2.qualification": ["unknown"]}
        assert (uow.events, uow.holders.get("lead01")) == ([], None)

    @pytest.mark.parametrize(("line", "field"), [
        ({"person": "lead01"}, "qualification"), ({"person": 5, "qualification": "EMC"}, "person"),
        ({"person": "lead01", "qualification": "EMC", "until": "tomorrow"}, "until"),
        ({"person": "lead01", "qualification": "EMC", "grade": 1}, "grade"),
    ])
    def test_a_malformed_line_is_named(self, uow, line, field):
        with pytest.raises(InvalidInput) as refused:
            do(uow, GrantQualifications, "admin", grants=[line])
        assert list(refused.value.facts["errors"]) == [f"grants.0.{field}"]

    @pytest.mark.parametrize("count", [0, 501])
    def test_a_bulk_has_its_limits(self, uow, count):
        with pytest.raises(InvalidInput):
            do(uow, GrantQualifications, "admin", grants=[{"person": "lead01", "qualification": "EMC"}] * count)

    def test_a_manager_grants_what_their_facilities_require(self, uow):
        grant(uow, "keeper", ("lead01", "EMC", NOW + DAY))
        with pytest.raises(NotAllowed):
            grant(uow, "keeper", ("lead01", "ESD", NOW + DAY))

    @pytest.mark.parametrize("actor", ["former", "member", "gone", "nobody"])
    def test_others_grant_nothing(self, uow, actor):
        with pytest.raises(NotAllowed):
            grant(uow, actor, ("lead01", "EMC", NOW + DAY))


class TestSaving:
    def test_a_change_needs_the_present_version(self, uow):
        with pytest.raises(StaleVersion):
            do(uow, SaveQualification, "admin", qualification="EMC", names=NAMES, active=False)
        do(uow, SaveQualification, "chief", qualification="EMC", names=NAMES, active=False, version=1)
        assert (uow.events[-1].version, uow.events[-1].active) == (2, False)
        with pytest.raises(NotFound):
            do(uow, SaveQualification, "admin", qualification="new", names=NAMES, version=1)

    def test_facility_managers_and_members_change_none(self, uow):
        for actor in ("keeper", "member"):
            with pytest.raises(NotAllowed):
                do(uow, SaveQualification, actor, qualification="NEW", names=NAMES)

    def test_both_languages_are_needed(self, uow):
        with pytest.raises(InvalidInput) as refused:
            do(uow, SaveQualification, "admin", qualification="NEW", names={"en": "New"})
        assert refused.value.facts["errors"] == {"names.zh-Hans": ["required"]}

    def test_a_facility_requires_only_what_there_is(self, uow):
        with pytest.raises(InvalidInput) as refused:
            handlers.save_facility(save(version=2, qualifications=["EMC", "XYZ"]), uow, NOW)
        assert refused.value.facts["errors"] == {"qualifications": ["unknown"]}


class TestAsking:
    def ask(self, uow, actor="lead01", **fields):
        return do(uow, RequestTraining, actor, qualification="EMC", facility="LAB-1", **fields)["training"]

    def test_a_wish_is_told_once_while_it_waits(self, uow):
        assert self.ask(uow, note="next week") == self.ask(uow)
        (fact,) = uow.events
        assert isinstance(fact, TrainingChanged)
        assert (fact.state, fact.person, fact.names, fact.note) == ("requested", "lead01", NAMES, "next week")

    def test_who_is_trained_is_qualified_and_told(self, uow):
        training = self.ask(uow)
        do(uow, DecideTraining, "keeper", training=training, until=NOW + DAY)
        assert uow.holders.get("lead01").grants == {"EMC": NOW + DAY}
        assert [type(fact).__name__ for fact in uow.events[1:]] == ["HolderChanged", "TrainingChanged"]
        assert (uow.events[-1].state, uow.events[-1].actor, uow.events[-1].version) == ("granted", "keeper", 2)

    def test_a_refusal_has_a_reason(self, uow):
        training = self.ask(uow)
        with pytest.raises(InvalidInput):
            do(uow, DecideTraining, "keeper", training=training)
        do(uow, DecideTraining, "keeper", training=training, reason="full until May")
        assert (uow.events[-1].state, uow.events[-1].reason) == ("refused", "full until May")

    def test_a_qualification_ends_in_the_future(self, uow):
        with pytest.raises(InvalidInput):
            do(uow, DecideTraining, "keeper", training=self.ask(uow), until=NOW)

    def test_it_is_settled_once(self, uow):
        training = self.ask(uow)
        do(uow, WithdrawTraining, "lead01", training=training)
        for kind, actor, fields in ((DecideTraining, "keeper", {"until": NOW + DAY}), (WithdrawTraining, "lead01", {})):
            with pytest.raises(WrongState):
                do(uow, kind, actor, training=training, **fields)
        assert self.ask(uow) != training

    def test_only_the_person_takes_it_back_and_only_managers_decide(self, uow):
        training = self.ask(uow)
        with pytest.raises(NotFound):
            do(uow, WithdrawTraining, "member", training=training)
        with pytest.raises(NotAllowed):
            do(uow, DecideTraining, "lead01", training=training, until=NOW + DAY)
        with pytest.raises(NotFound):
            do(uow, DecideTraining, "admin", training=str(uuid.uuid4()), until=NOW + DAY)

    def test_what_is_out_of_use_or_not_there_cannot_be_asked_for(self, uow):
        do(uow, SaveQualification, "admin", qualification="ESD", names=NAMES, active=False, version=1)
        with pytest.raises(InvalidInput) as refused:
            do(uow, RequestTraining, "lead01", qualification="ESD", facility="LAB-9")
        assert refused.value.facts["errors"] == {"qualification": ["unknown"], "facility": ["unknown"]}
        with pytest.raises(NotAllowed):
            do(uow, RequestTraining, "gone", qualification="EMC")


class TestWarning:
    def test_each_step_is_told_once(self, uow):
        grant(uow, "admin", ("lead01", "EMC", NOW + 40 * DAY))
        uow.events.clear()
        told = []
        for days in (0, 9, 10, 11, 33, 34, 40, 41, 99):
            handlers.warn_of_expiry(uow, NOW + days * DAY)
            told += [(days, fact.days_left, fact.person) for fact in uow.events]
            assert all(isinstance(fact, QualificationExpiring) for fact in uow.events)
            uow.events.clear()
        assert told == [(10, 30, "lead01"), (33, 7, "lead01"), (40, 0, "lead01")]

    def test_after_a_stop_only_the_last_step_is_told(self, uow):
        grant(uow, "admin", ("lead01", "EMC", NOW + 40 * DAY))
        uow.events.clear()
        assert handlers.warn_of_expiry(uow, NOW + 39 * DAY) == 1
        assert handlers.warn_of_expiry(uow, NOW + 39 * DAY) == 0
        assert [fact.days_left for fact in uow.events] == [7]

    @given(until=ends, warned=st.none() | st.sampled_from(WARNED_DAYS))
    def test_what_is_due_has_come_and_was_not_told(self, until, warned):
        due = warning_due(until, warned, NOW)
        left = days_left(until, NOW)
        if due is not None:
            assert due in WARNED_DAYS
            assert left <= due
            assert warned is None or due < warned
            assert not [days for days in WARNED_DAYS if left <= days < due]
        else:
            assert all(left > days or (warned is not None and days >= warned) for days in WARNED_DAYS)
