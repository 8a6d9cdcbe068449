"""Who sees what of whom: colleagues of one company, files, and the queue of those who are asked."""

import base64

import pytest

from services.booking import handlers, queries
from services.contracts.commands import AddAttachment, ApproveReservation, MoveReservation
from services.contracts.errors import NotFound
from services.contracts.messaging import encoding
from tests.unit.booking.examples import DAY, NOW, at, away, command, lab_3, on, person, team


@pytest.fixture
def board(booking):
    times = {name: instant.isoformat() for name, instant in on(0, 0, 24 * 7)._asdict().items()}
    return lambda actor: booking.query(queries.board, actor=actor, **times)


class TestColleagues:
    """Red and green are of one company, blue of another; LAB-3 shows details to a company, LAB-4 does not."""

    @pytest.fixture(autouse=True)
    def company(self, booking):
        for fact in (person("gus"), team("green", "gus"), team("blue", "cyd", "mia", version=2, company="C2"),
                     lab_3(version=2, details="company")):
            booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))

    @pytest.fixture
    def asked(self, booking):
        booking.ask("ann", on(2, 10, 12), "LAB-4", purpose="secret")
        return booking.ask("ann", purpose="ageing", people=3, operator="bob")

    def test_the_board_tells_them_who_what_and_when(self, board, asked):
        shared, hidden = board("gus")["items"]
        assert (shared["id"], shared["team"], shared["purpose"], shared["state"], shared["mine"]) == (
            asked["id"], "red", "ageing", "requested", False)
        assert "hit" not in shared
        assert (hidden["state"], "team" in hidden) == ("taken", False)
        assert {item["state"] for item in board("cyd")["items"]} == {"taken"}

    def test_one_is_there_without_what_is_only_the_teams(self, booking, asked):
        found = booking.query(queries.reservation, now=NOW, actor="gus", reservation=asked["id"])
        assert {name for name, value in found.items() if value not in (None, False, [])} == {
            "id", "version", "state", "facility", "unit", "starts_at", "ends_at", "team", "purpose", "team_name",
            "facility_names", "unit_names", "shared",
        }
        own = booking.query(queries.reservation, now=NOW, actor="ann", reservation=asked["id"])
        assert (own["operator_name"], own["run"]["people"]) == ("Bob", 3)
        with pytest.raises(NotFound):
            booking.query(queries.reservation, now=NOW, actor="cyd", reservation=asked["id"])

    def test_lists_hold_them_for_those_who_ask_for_the_team_or_the_facility(self, booking, asked):
        def listed(actor, **filters):
            items = booking.query(queries.reservations, actor=actor, **filters)["items"]
            assert "bob" not in encoding.dumps([{**item, "team_name": ""} for item in items]).decode() or actor == "ann"
            return [item["id"] for item in items]

        assert listed("gus") == []
        assert listed("gus", team="red") == listed("gus", facility="LAB-3") == [asked["id"]]
        assert listed("cyd", team="red") == listed("cyd", facility="LAB-3") == listed("gus", facility="LAB-4") == []

    def test_a_colleague_reads_no_files_and_takes_no_step(self, booking, asked):
        booking.run(lambda uow, now: handlers.take_fact(
            lab_3(version=3, details="company", attachments="optional"), uow, now))
        message = command(
            AddAttachment, "ann", reservation=asked["id"], name="plan.pdf", content=base64.b64encode(b"%PDF-").decode())
        file = booking.give(handlers.add_attachment, message)["attachment"]
        read = {"reservation": asked["id"], "attachment": file}
        for actor in ("ann", "mia", "bea"):
            found = booking.query(queries.attachment, actor=actor, **read)
            assert (base64.b64decode(found["content"]), found["name"]) == (b"%PDF-", "plan.pdf")
        for actor in ("gus", "cyd", "max"):
            with pytest.raises(NotFound):
                booking.query(queries.attachment, actor=actor, **read)
        with pytest.raises(NotFound):
            booking.query(queries.attachment, actor="ann", reservation=file, attachment=file)
        with pytest.raises(NotFound):
            booking.step(MoveReservation, "gus", asked, version=2, ends_at=at(1, 11))


def test_the_queue_is_of_those_who_are_asked(booking):
    for fact in (person("lea"), team("red", "ann", "bob", "lea", version=2, lead="lea"),
                 lab_3(version=2, approval="stages", stages=[{"by": "lead"}, {"by": "manager"}], escalation_hours=4)):
        booking.run(lambda uow, now, fact=fact: handlers.take_fact(fact, uow, now))

    def waiting(actor):
        count = booking.query(queries.approvals_count, actor=actor)["count"]
        assert count == len(booking.query(queries.approvals, now=NOW, actor=actor)["items"])
        return count

    asked = booking.ask("ann")
    assert [waiting(actor) for actor in ("lea", "mia", "bea", "ann", "bob")] == [1, 0, 0, 0, 0]
    (item,) = booking.query(queries.approvals, now=NOW, actor="lea")["items"]
    assert item["stages"] == [{"stage": "lead", "state": "waiting"}, {"stage": "manager", "state": "ahead"}]
    booking.step(ApproveReservation, "lea", asked)
    assert [waiting(actor) for actor in ("lea", "mia", "bea")] == [0, 1, 1]
    booking.run(lambda uow, now: handlers.take_fact(
        person("mia", "facility_manager", manages=("LAB-3",), version=2, away=away("max")), uow, now))
    assert waiting("max") == 1
    booking.now = NOW + DAY
    booking.run(handlers.expire_due)
    assert [waiting(actor) for actor in ("lea", "mia", "bea")] == [0, 0, 1]
    found = booking.query(queries.reservation, now=booking.now, actor="ann", reservation=asked["id"])
    assert found["stages"] == [
        {"stage": "lead", "state": "done"}, {"stage": "manager", "state": "unanswered"},
        {"stage": "base", "state": "waiting"},
    ]
