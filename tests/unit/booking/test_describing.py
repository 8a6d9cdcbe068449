"""What a request says of itself: answers, people, who runs it, and the files that belong to it."""

import base64
import io
import zipfile
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking import handlers
from services.booking.domain.answers import wrong_answers
from services.booking.domain.attachments import LARGEST, MOST, described, type_of
from services.booking.domain.rules.answers import most_at_once
from services.booking.domain.spans import Span
from services.contracts.commands import (
    AddAttachment,
    ApproveReservation,
    DescribeReservation,
    MoveReservation,
    RemoveAttachment,
    WithdrawReservation,
)
from services.contracts.errors import InvalidInput, NotAllowed, NotFound, RuleBroken, StaleVersion, WrongState
from services.contracts.events import ReservationDescribed
from tests.strategies import MONDAY, spans
from tests.unit.booking.examples import NOW, at, command, facility_changed, lab_1, lab_3, on, request
from tests.unit.booking.test_rules import facility

NAMES = {"zh-Hans": "材料", "en": "Material"}
QUESTIONS = [
    {"code": "material", "names": NAMES, "kind": "choice", "required": True, "hazard": ["solvent"],
     "choices": [{"code": "solvent", "names": NAMES}, {"code": "none", "names": NAMES}]},
    {"code": "samples", "names": NAMES, "kind": "number"}, {"code": "battery", "names": NAMES, "kind": "yes_no"},
    {"code": "note", "names": NAMES, "kind": "text"},
]
HANDLERS = {
    DescribeReservation: handlers.describe_reservation, AddAttachment: handlers.add_attachment,
    RemoveAttachment: handlers.remove_attachment, ApproveReservation: handlers.approve_reservation,
    MoveReservation: handlers.move_reservation, WithdrawReservation: handlers.withdraw_reservation,
}
PDF = b"%PDF-1.7 ..."


@pytest.fixture
def ask(base):
    return lambda *arguments, **fields: base.run(handlers.request_reservation, request(*arguments, **fields), now=NOW)


@pytest.fixture
def give(base):
    def give(kind, actor, reservation, now=NOW, **fields):
        return base.run(HANDLERS[kind], command(kind, actor, reservation=reservation["id"], **fields), now=now)

    return give


def archive(*parts):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        for part in ("[Content_Types].xml", *parts):
            made.writestr(part, "x")
    return kept.getvalue()


class TestAnswers:
    @pytest.fixture(autouse=True)
    def questions(self, base):
        base.run(handlers.take_fact, lab_3(version=2, questions=QUESTIONS), now=NOW)

    def test_what_is_required_is_answered(self, base, ask):
        for answers in ({}, {"material": " "}, {"samples": "3"}):
            with pytest.raises(RuleBroken) as refusal:
                ask(answers=answers)
            (violation,) = refusal.value.facts["violations"]
            assert (violation["rule"], violation["facts"]["questions"]) == (
                "answer_missing", [{"code": "material", "names": NAMES}])
            assert violation["waivable_by"] == []
        asked = ask(answers={"material": "none", "samples": "3"})
        assert base.reservations[asked["id"]].run.answers == {"material": "none", "samples": "3"}

    def test_other_times_are_offered_although_an_answer_is_missing(self, ask):
        with pytest.raises(RuleBroken) as refusal:
            ask(span=on(5, 10, 12))
        assert refusal.value.facts["alternatives"]

    @pytest.mark.parametrize(("answers", "wrong"), [
        ({"material": "water"}, {"answers.material": ["unknown_choice"]}),
        ({"material": "none", "samples": "many", "battery": "perhaps", "colour": "red"}, {
            "answers.samples": ["not_a_figure"], "answers.battery": ["unknown_choice"],
            "answers.colour": ["unknown_question"],
        }),
    ])
    def test_what_does_not_fit_the_question_is_named(self, ask, answers, wrong):
        with pytest.raises(InvalidInput) as refusal:
            ask(answers=answers)
        assert refusal.value.facts["errors"] == wrong

    def test_giving_time_back_is_possible_although_a_question_has_come_since(self, base, ask, give):
        base.run(handlers.take_fact, lab_3(version=3), now=NOW)
        asked = ask()
        base.run(handlers.take_fact, lab_3(version=4, questions=QUESTIONS), now=NOW)
        assert give(MoveReservation, "ann", asked, version=1, ends_at=at(1, 11))["version"] == 2
        with pytest.raises(RuleBroken):
            give(MoveReservation, "ann", asked, version=2, starts_at=at(2, 10), ends_at=at(2, 11))

    def test_another_facilitys_questions_are_answered_with_the_move(self, base, ask, give):
        base.run(handlers.take_fact, facility_changed("LAB-4", version=2, questions=[
            {"code": "fixture", "names": NAMES, "kind": "text", "required": True}]), now=NOW)
        asked = ask(answers={"material": "none"})
        with pytest.raises(RuleBroken):
            give(MoveReservation, "ann", asked, version=1, facility="LAB-4")
        give(MoveReservation, "ann", asked, version=1, facility="LAB-4", answers={"fixture": "M6"})
        assert base.reservations[asked["id"]].run.answers == {"fixture": "M6"}
        assert base.history[asked["id"]][-1].changed["run"] == {"answers": {"fixture": "M6"}}

    def test_the_team_answers_otherwise_while_it_waits_and_who_agreed_is_asked_anew(self, base, ask, give):
        stages = [{"by": "manager"}, {"by": "base", "on_hazard": True}]
        base.run(handlers.take_fact, lab_3(version=3, approval="stages", stages=stages, questions=QUESTIONS), now=NOW)
        asked = ask(answers={"material": "solvent"})
        give(ApproveReservation, "mia", asked)
        changed = give(DescribeReservation, "bob", asked, version=2, answers={"material": "none"}, purpose="dry run")
        assert (changed["state"], changed["awaits"], changed["version"]) == ("requested", "manager", 3)
        assert isinstance(base.events[-1], ReservationDescribed)
        assert (base.events[-1].purpose, base.events[-1].run) == ("dry run", {"answers": {"material": "none"}})
        assert give(ApproveReservation, "mia", asked)["state"] == "approved"
        with pytest.raises(WrongState):
            give(DescribeReservation, "ann", asked, people=3)

    def test_what_stays_the_same_is_no_step_and_others_have_no_say(self, base, ask, give):
        asked = ask(answers={"material": "none"})
        assert give(DescribeReservation, "ann", asked, answers={"material": "none"})["version"] == 1
        for actor, error in (("mia", NotAllowed), ("cyd", NotFound)):
            with pytest.raises(error):
                give(DescribeReservation, actor, asked, people=2)
        with pytest.raises(RuleBroken):
            give(DescribeReservation, "ann", asked, answers={})
        with pytest.raises(StaleVersion):
            give(DescribeReservation, "ann", asked, version=9, people=2)

    def test_who_runs_it_is_of_the_team(self, base, ask, give):
        with pytest.raises(InvalidInput) as refusal:
            ask(operator="cyd", answers={"material": "none"})
        assert refusal.value.facts["errors"] == {"operator": ["not_in_team"]}
        asked = ask(operator="bob", answers={"material": "none"})
        assert base.reservations[asked["id"]].run.operator == "bob"
        with pytest.raises(InvalidInput):
            give(DescribeReservation, "ann", asked, operator="nobody")


@given(st.dictionaries(st.sampled_from(["material", "samples", "battery", "note", "other"]), st.text(max_size=9)))
def test_an_answer_is_wrong_alone_and_by_its_own_field(answers):
    rules = facility(questions=QUESTIONS)
    wrong = wrong_answers(answers, rules)
    assert set(wrong) <= {f"answers.{code}" for code in answers}
    assert wrong == {
        name: words for code, answer in answers.items() for name, words in wrong_answers({code: answer}, rules).items()}
    assert "answers.note" not in wrong


class TestPeople:
    """At most six may be in LAB-1, which has four chambers."""

    @pytest.fixture(autouse=True)
    def six(self, base):
        base.run(handlers.take_fact, lab_1(version=2, most_people=6), now=NOW)

    def test_alone_and_together_with_others(self, ask, give):
        with pytest.raises(RuleBroken) as refusal:
            ask(facility="LAB-1", people=7)
        assert refusal.value.facts["violations"][0]["facts"] == {"most_people": 6, "left": 6}
        first = ask(facility="LAB-1", people=4)
        with pytest.raises(RuleBroken) as refusal:
            ask("cyd", facility="LAB-1", people=3, span=on(1, 11, 14))
        assert refusal.value.facts["violations"][0]["facts"] == {"most_people": 6, "left": 2}
        assert refusal.value.facts["alternatives"][0]["starts_at"] == at(1, 12)
        ask("cyd", facility="LAB-1", people=3, span=on(1, 12, 14))
        second = ask("cyd", facility="LAB-1", people=2, span=on(1, 11, 12))
        with pytest.raises(RuleBroken):
            give(DescribeReservation, "cyd", second, people=3)
        give(WithdrawReservation, "ann", first)
        assert give(DescribeReservation, "cyd", second, people=3)["version"] == 2

    def test_the_own_people_are_not_counted_twice_when_it_moves(self, ask, give):
        asked = ask(facility="LAB-1", people=5)
        assert give(MoveReservation, "ann", asked, version=1, ends_at=at(1, 14))["version"] == 2

    def test_it_may_be_asked_for_as_an_exception(self, ask):
        assert ask(facility="LAB-1", people=8, exception="an audit")["state"] == "requested"


@given(spans(days=2), st.lists(st.tuples(spans(days=2), st.integers(1, 9)), max_size=6))
def test_the_most_at_once_is_the_most_at_any_step(span, others):
    quarter = timedelta(minutes=15)
    steps = [span.starts_at + count * quarter for count in range(int(span.length / quarter))]
    walked = max(sum(people for there, people in others if there.starts_at <= at_ < there.ends_at) for at_ in steps)
    assert most_at_once(span, tuple(others)) == walked
    assert most_at_once(Span(MONDAY - quarter, MONDAY), tuple(others)) == 0


class TestAttachments:
    @pytest.fixture(autouse=True)
    def required(self, base):
        base.run(handlers.take_fact, lab_3(version=2, attachments="required"), now=NOW)

    @pytest.fixture
    def attach(self, give):
        def attach(reservation, content=PDF, name="plan.pdf", actor="ann", **fields):
            text = base64.b64encode(content).decode()
            return give(AddAttachment, actor, reservation, name=name, content=text, **fields)

        return attach

    def test_nothing_is_approved_without_what_must_be_attached(self, base, ask, give, attach):
        asked = ask()
        with pytest.raises(RuleBroken) as refusal:
            give(ApproveReservation, "mia", asked)
        assert [each["rule"] for each in refusal.value.facts["violations"]] == ["attachment_missing"]
        answer = attach(asked)
        assert (answer["state"], answer["version"]) == ("requested", 2)
        (kept,) = [each for each, _ in base.attachments.values()]
        assert (kept.id, kept.name, kept.type, kept.size, kept.added_by) == (
            answer["attachment"], "plan.pdf", "application/pdf", len(PDF), "ann")
        assert base.history[asked["id"]][-1].basis["sha256"] == kept.sha256
        assert isinstance(base.events[-1], ReservationDescribed)
        assert give(ApproveReservation, "mia", asked, version=2)["state"] == "approved"
        assert attach(asked)["state"] == "approved"

    def test_a_file_is_taken_away_while_it_waits_and_not_later(self, base, ask, give, attach):
        asked = ask()
        file = attach(asked)["attachment"]
        assert give(RemoveAttachment, "bob", asked, attachment=file)["version"] == 3
        assert base.attachments == {}
        with pytest.raises(NotFound):
            give(RemoveAttachment, "ann", asked, attachment=file)
        file = attach(asked)["attachment"]
        give(ApproveReservation, "mia", asked)
        with pytest.raises(WrongState):
            give(RemoveAttachment, "ann", asked, attachment=file)

    def test_who_decides_saw_the_files_of_that_version(self, ask, give, attach):
        asked = ask()
        attach(asked)
        with pytest.raises(StaleVersion):
            give(ApproveReservation, "mia", asked, version=1)

    def test_only_the_team_attaches(self, ask, attach):
        asked = ask()
        for actor, error in (("mia", NotAllowed), ("cyd", NotFound), ("max", NotFound)):
            with pytest.raises(error):
                attach(asked, actor=actor)

    @pytest.mark.parametrize(("content", "name", "word"), [
        (b"MZ\x90\x00", "plan.pdf", "unknown_type"), (b"", "plan.pdf", "unknown_type"),
        (b"<svg \x00>", "a.svg", "unknown_type"), (PDF + b"x" * LARGEST, "plan.pdf", "too_large"),
        (archive("xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsx", "unknown_type"),
        (archive("other"), "a.docx", "unknown_type"), (b"PK\x03\x04 broken", "a.xlsx", "unknown_type"),
    ])
    def test_what_is_not_taken(self, ask, attach, content, name, word):
        with pytest.raises(InvalidInput) as refusal:
            attach(ask(), content, name)
        assert refusal.value.facts["errors"] == {"content": [word]}

    def test_so_many_and_no_more_and_nowhere_without_being_asked(self, ask, attach, give):
        asked = ask()
        for number in range(MOST):
            attach(asked, name=f"{number}.pdf")
        with pytest.raises(InvalidInput) as refusal:
            attach(asked)
        assert refusal.value.facts["errors"] == {"attachments": ["too_many"]}
        elsewhere = ask(facility="LAB-4")
        with pytest.raises(InvalidInput) as refusal:
            attach(elsewhere)
        assert refusal.value.facts["errors"] == {"content": ["not_taken"]}
        with pytest.raises(InvalidInput):
            give(AddAttachment, "ann", asked, name="x", content="no base64!")


@pytest.mark.parametrize(("content", "name", "kind", "called"), [
    (PDF, "../../etc/plan", "application/pdf", "plan.pdf"), (b"\x89PNG\r\n\x1a\n", "a.PNG", "image/png", "a.PNG"),
    (b"\xff\xd8\xff\xe0", "photo.jpeg", "image/jpeg", "photo.jpeg"),
    (archive("xl/workbook.xml"), "a.xlsx",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "a.xlsx"),
    (archive("word/document.xml"), "C:\\plan.doc",
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "plan.doc.docx"),
    (b"<script>alert(1)</script>", "page.html", "text/plain", "page.html.txt"),
    ("样品;数量".encode("gb18030"), "a.csv", "text/csv", "a.csv"), (b"\xef\xbb\xbfa,b", "a.csv", "text/csv", "a.csv"),
])
def test_a_file_is_what_its_content_says(content, name, kind, called):
    assert type_of(content, name) == kind
    assert (described(name, content)["type"], described(name, content)["name"]) == (kind, called)
