"""Re-plans on the pages: looking, changing, accepting, a priority case, and what teams answer."""

import re

import pytest
from flask_babel import force_locale

from services.contracts.commands import (
    AcceptReplan,
    CancelReservation,
    ConfirmReplanned,
    DiscardReplan,
    MoveReservation,
    ReviseReplan,
    StartReplan,
    WithdrawReservation,
)
from services.contracts.errors import InvalidInput, StaleVersion, Unavailable
from services.portal.pages import explaining, replan_words
from tests.unit.portal.pages.fake_calendar import OUTAGE
from tests.unit.portal.pages.fake_replans import ACCEPTED, OPEN, RUNNING, STARTED

CASE = {
    "place": "LAB-1", "starts_at": "2030-05-06T09:00", "ends_at": "2030-05-06T13:00", "whose": "team-02/team-02-p1",
    "purpose": "节点试验", "reason": "重大专项节点", "step": "look",
}


@pytest.fixture
def last(services):
    return lambda: services.commands[-1]


@pytest.fixture
def plan(services):
    return services.plans[OPEN]


class TestTheList:
    def test_what_is_open_comes_first_and_what_is_decided_apart(self, as_person):
        manager = as_person("manager-labs", "en")
        assert "Waits for a decision" in manager.page("/replans").text
        assert "Carried out" not in manager.page("/replans").text
        assert "Carried out" in manager.page("/replans?show=past").text

    def test_what_a_newer_plan_replaced_is_not_shown_again(self, manager, services):
        services.plans[OPEN]["state"] = services.plans[ACCEPTED]["state"] = "superseded"
        assert OPEN not in manager.get("/replans").text
        assert "还没有处理过的方案" in manager.page("/replans?show=past").text

    def test_it_says_what_it_is_for_where_nothing_waits(self, manager, services):
        services.plans.clear()
        assert "没有待决定的方案" in manager.page("/replans").text

    def test_a_count_stands_where_managers_look(self, manager, services):
        for address in ("/", "/approvals", "/interruptions"):
            assert "有 2 个重排方案等您决定" in manager.page(address).text
        services.plans.clear()
        assert "重排方案等您决定" not in manager.page("/approvals").text

    def test_pages_go_on_when_the_count_is_not_known(self, manager, services):
        services.answers["booking", "replans_count"] = Unavailable()
        assert manager.get("/board").status_code == 200

    @pytest.mark.parametrize("address", ["/replans", "/replans/new", f"/replans/{OPEN}"])
    def test_it_is_not_for_teams(self, member, address):
        assert member.get(address).status_code in (403, 404)

    def test_members_are_told_of_no_count(self, member, services):
        member.page("/")
        assert not [call for call in services.calls if call[1] == "replans_count"]


class TestOnePlan:
    def test_what_happened_and_what_it_costs_are_said_in_words(self, as_person):
        text = as_person("manager-labs", "en").page(f"/replans/{OPEN}").text
        assert "Compressor failure" in text
        assert "3 reservations cannot take place as they stand." in text
        for words in ("1 to be cancelled", "2 to be moved", "9.5 h of shift", "1 change of unit"):
            assert words in " ".join(text.split())

    def test_each_reservation_has_old_new_and_why(self, as_person):
        text = as_person("manager-labs", "en").page(f"/replans/{OPEN}").text
        assert "same time on an equal facility" in text
        assert "nearest free start, later" in text
        assert "no place within the rules (closed then, too little notice)" in text
        assert "Key project" in text

    def test_old_and_new_places_stand_on_strips_under_their_numbers(self, manager):
        document = manager.page(f"/replans/{OPEN}")
        bars = [attributes["class"] for tag, attributes in document.tags if "class" in attributes]
        assert sum(" plan-old " in f"{each} " for each in bars if each.startswith("bar")) == 3
        assert sum(" plan-new " in f"{each} " for each in bars if each.startswith("bar")) == 2

    def test_a_closure_and_changed_hours_are_told_too(self, as_person, plan):
        manager = as_person("manager-labs", "en")
        plan["cause"] = {"kind": "hours", "facility": "LAB-1"}
        assert "the opening hours have changed" in manager.page(f"/replans/{OPEN}").text
        plan["cause"] = {"kind": "priority", "facility": "LAB-1"}
        assert "3 reservations have to make room for it." in manager.page(f"/replans/{OPEN}").text
        case = {"starts_at": "2026-03-05T01:00:00+00:00", "ends_at": "2026-03-05T03:00:00+00:00", "team_name": "微澜",
                "reason": {"zh-Hans": "节点", "en": "Milestone"}}
        plan["cause"] |= case
        text = manager.page(f"/replans/{OPEN}").text
        assert "a priority case of 微澜 needs Thu 5 Mar 09:00–11:00 (Milestone)." in text
        plan["cause"] = {"kind": "closure", "interruption": OUTAGE, "facility": None}
        assert "The whole base" in manager.page(f"/replans/{OPEN}").text

    def test_it_is_shown_when_the_schedule_reaches_over_more_than_four_weeks(self, manager, plan):
        plan["items"][1]["after"] |= {"starts_at": "2031-01-01T01:00:00+00:00", "ends_at": "2031-01-01T03:00:00+00:00"}
        assert 'class="strips strip-28"' in manager.get(f"/replans/{OPEN}").text

    def test_what_has_begun_and_what_is_left_out_stays(self, as_person, plan):
        plan["items"][0] |= {"reason": "begun", "after": plan["items"][0]["before"]}
        plan["items"][1] |= {"excluded": True}
        text = as_person("manager-labs", "en").page(f"/replans/{OPEN}").text
        assert "It has begun: its manager settles it." in text
        assert "Left out: it stays as it is." in text

    def test_a_step_that_goes_along_with_its_campaign_is_shown_as_cancelled(self, as_person, plan):
        plan["items"][1] |= {"reason": "goes_along", "after": None, "campaign": "c"}
        page = as_person("manager-labs", "en").page(f"/replans/{OPEN}")
        assert "another step of its campaign has no place, so the whole campaign ends" in page.text
        assert plan["items"][1]["reservation"] not in [each["value"] for each in page.all("input", name="leave_out")]

    def test_a_plan_for_nobody_says_so(self, manager, plan):
        plan |= {"items": [], "state": "empty", "goals": None, "allowed_actions": []}
        assert "已没有受影响的预约" in manager.page(f"/replans/{OPEN}").text

    def test_an_accepted_one_shows_what_the_teams_answer(self, as_person):
        text = as_person("manager-labs", "en").page(f"/replans/{ACCEPTED}").text
        assert "agreed" in text
        assert "no answer counts as agreed" in text
        assert "Accept the plan" not in text


    def test_who_may_not_accept_it_is_told_who_does(self, as_person, plan):
        plan |= {"allowed_actions": ["revise"], "hidden": 2}
        text = as_person("manager-labs", "en").page(f"/replans/{OPEN}").text
        assert "base management has to accept it" in text
        assert "2 more are on facilities that you do not look after" in text
        assert "Accept the plan" not in text


class TestWhileItIsComputed:
    def test_the_plan_at_once_is_shown_and_what_is_searched_for(self, as_person):
        document = as_person("manager-labs", "en").page(f"/replans/{RUNNING}")
        assert "a better one is being looked for. Step 2 of 3: as few moved as possible." in document.text
        assert document.all("div", role="status", hx_trigger="every 1s")
        assert "nearest free start" in document.text

    def test_without_script_there_is_a_way_to_look_again(self, manager):
        assert manager.page(f"/replans/{RUNNING}").all("noscript")

    def test_the_plan_comes_along_only_when_it_is_another_one(self, manager, services):
        same = manager.get(f"/replans/{RUNNING}/progress?version=3")
        assert same.status_code == 200
        assert "hx-swap-oob" not in same.text
        services.plans[RUNNING]["version"] = 4
        assert 'id="plan" class="plan" hx-swap-oob="true"' in manager.get(f"/replans/{RUNNING}/progress?version=3").text

    def test_at_the_end_nobody_asks_any_more(self, manager, services):
        services.plans[RUNNING] |= {"state": "proposed", "version": 4}
        answer = manager.get(f"/replans/{RUNNING}/progress?version=3")
        assert answer.status_code == 286
        assert "hx-swap-oob" in answer.text
        assert "计算完成" in answer.text

    def test_before_the_first_plan_it_asks_for_patience(self, manager, services):
        services.plans[RUNNING] |= {"items": [], "goals": None, "progress": None}
        assert "正在生成第一个方案" in manager.page(f"/replans/{RUNNING}").text


class TestChangingIt:
    def test_places_are_kept_reservations_left_out_and_facilities_barred(self, manager, services, last, plan):
        first, second, _ = [each["reservation"] for each in plan["items"]]
        answer = manager.post(f"/replans/{OPEN}", {"version": "3", "pin": first, "leave_out": second, "bar": "LAB-2"})
        assert answer.status_code == 303
        sent = last()
        assert isinstance(sent, ReviseReplan)
        assert (sent.pins, sent.excluded_reservations, sent.excluded_facilities) == ([first], [second], ["LAB-2"])
        assert sent.version == 3

    def test_somebody_was_faster(self, manager):
        answer = manager.post(f"/replans/{OPEN}", {"version": "2"})
        assert answer.status_code == 409
        assert 'role="alert"' in answer.text

    def test_it_is_accepted_as_a_whole(self, manager, last):
        answer = manager.post(f"/replans/{OPEN}/accept", {"version": "3"})
        assert (answer.status_code, answer.location) == (303, f"/replans/{OPEN}")
        assert isinstance(last(), AcceptReplan)

    def test_a_repaired_plan_says_what_changed_and_asks_again(self, as_person, plan):
        manager, plan["stale"] = as_person("manager-labs", "en"), True
        answer = manager.post(f"/replans/{OPEN}/accept", {"version": "3"})
        assert answer.status_code == 409
        assert "Nothing has been carried out yet." in answer.text
        assert "1 place is another one now" in answer.text
        assert answer.text.count("plan-item changed") == 1
        assert 'name="version" value="4"' in answer.text
        assert "Accept the plan" in answer.text

    def test_it_is_discarded(self, manager, last, plan):
        answer = manager.post(f"/replans/{OPEN}/discard", {"version": "3"})
        assert (answer.status_code, answer.location) == (303, "/replans")
        assert isinstance(last(), DiscardReplan)
        assert plan["state"] == "discarded"


class TestFromAnInterruption:
    def test_the_plan_for_those_hit_is_a_step_away(self, manager, services):
        services.reservations[services.hit[0]["id"]] |= hit_now(services)
        assert f'href="/replans/{OPEN}"' in manager.get(f"/interruptions/{OUTAGE}").text

    def test_it_can_be_made_again(self, manager, services, last):
        services.plans.clear()
        services.reservations[services.hit[0]["id"]] |= hit_now(services)
        assert "为受影响的预约重排" in manager.get(f"/interruptions/{OUTAGE}").text
        answer = manager.post("/replans", {"interruption": OUTAGE})
        assert answer.location == f"/replans/{STARTED}"
        assert last() == StartReplan(actor="manager-labs", request_key=last().request_key, interruption=OUTAGE)


    def test_that_it_hits_nobody_any_more_is_said(self, manager, services):
        services.answers["booking", "start_replan"] = InvalidInput(errors={"interruption": ["hits_nobody"]})
        answer = manager.post("/replans", {"interruption": OUTAGE})
        assert answer.location == f"/interruptions/{OUTAGE}"
        assert "没有受它影响" in manager.get(answer.location).text


def hit_now(services):
    span = services.interrupted[OUTAGE]["spans"][0]
    return {"facility": "LAB-1", "unit": "LAB-1-2", "state": "approved", **span}


class TestAPriorityCase:
    def test_the_effect_is_shown_first(self, manager, services):
        answer = manager.post("/replans/new", CASE)
        assert 'id="effect"' in answer.text
        assert not services.commands

    def test_then_the_plan_is_made(self, manager, last):
        sealed = re.search(r'name="sealed" value="([0-9a-f]+)"', manager.post("/replans/new", CASE).text)[1]
        answer = manager.post("/replans/new", CASE | {"step": "save", "sealed": sealed})
        assert answer.location == f"/replans/{STARTED}"
        sent = last()
        assert (sent.facility, sent.unit, sent.team, sent.project) == ("LAB-1", None, "team-02", "team-02-p1")
        assert (sent.purpose, sent.reason) == ("节点试验", "重大专项节点")
        assert sent.starts_at.isoformat() == "2030-05-06T01:00:00+00:00"

    def test_what_was_changed_after_looking_is_looked_at_again(self, manager, services):
        sealed = re.search(r'name="sealed" value="([0-9a-f]+)"', manager.post("/replans/new", CASE).text)[1]
        answer = manager.post("/replans/new", CASE | {"step": "save", "sealed": sealed, "purpose": "其他"})
        assert 'id="effect"' in answer.text
        assert not services.commands

    def test_all_that_is_missing_is_marked(self, manager):
        answer = manager.post("/replans/new", {"step": "look"})
        assert answer.status_code == 422
        assert answer.text.count('aria-invalid="true"') == 6

    def test_that_nobody_is_in_the_way_or_cannot_be_moved_is_said(self, manager, services):
        sealed = re.search(r'name="sealed" value="([0-9a-f]+)"', manager.post("/replans/new", CASE).text)[1]
        services.answers["booking", "start_replan"] = InvalidInput(
            errors={"starts_at": ["is_free"], "answers": ["not-a-word-of-ours"]})
        answer = manager.post("/replans/new", CASE | {"step": "save", "sealed": sealed})
        assert answer.status_code == 422
        assert "可以直接预约" in answer.text
        assert "not-a-word-of-ours" in answer.text

    def test_it_may_be_a_request_that_waits(self, manager, services, last):
        waiting = next(each for each in services.reservations.values() if each["facility"] == "LAB-3")
        waiting |= {"state": "competing", "team": "team-05"}
        assert f"/replans/new?reservation={waiting['id']}" in manager.get(f"/reservations/{waiting['id']}").text
        form = {"reservation": waiting["id"], "reason": "重大专项节点", "step": "look"}
        sealed = re.search(r'name="sealed" value="([0-9a-f]+)"', manager.post("/replans/new", form).text)[1]
        manager.post("/replans/new", form | {"step": "save", "sealed": sealed})
        assert (last().reservation, last().facility, last().team) == (waiting["id"], "LAB-3", None)


class TestWhy:
    def test_what_history_keeps_of_a_plan_is_explained(self, app):
        moved = {"id": OPEN, "why": "later", "shift_minutes": 90, "cause": "outage"}
        lost = {"id": OPEN, "why": "no_place", "obstacles": ["outside_opening_hours"], "cause": "priority"}
        with app.test_request_context("/?", headers={"Accept-Language": "en"}), force_locale("en"):
            assert [str(each) for each in replan_words.explained(moved)] == [
                "The base had to make a new plan: Outage.",
                "Its place in the plan: nearest free start, later.",
                "Its start was shifted by 1 h 30 min.",
            ]
            assert str(replan_words.explained(lost)[-1]) == "What stood against other places: closed then."
            step = {"action": "replan", "at": "2026-03-05T01:00:00+00:00", "basis": {"replan": moved, "role": "admin"}}
            (told,) = explaining.why({"decisions": [step]})
            assert "Its start was shifted by 1 h 30 min." in [str(each) for each in told["told"]]


class TestTheTeamsAnswer:
    @pytest.fixture
    def own(self, services):
        return next(each for each in services.moved_by_plan.values() if each["team"] in ("team-00", "team-02"))

    @pytest.fixture
    def address(self, own):
        return f"/reservations/{own['reservation']}"

    def test_the_page_says_what_the_base_did_and_until_when_to_answer(self, as_person, own, address):
        text = as_person("member01", "en").page(address).text
        assert "The base moved this reservation." in text
        assert "Please answer until" in text
        assert "Or take one of these instead:" in text

    def test_it_stands_on_top_of_the_home_page(self, member, address):
        assert f'action="{address}/replanned"' in member.get("/").text

    def test_agreeing(self, member, last, address):
        answer = member.post(f"{address}/replanned", {"step": "confirm", "version": "1"})
        assert answer.location == address
        assert isinstance(last(), ConfirmReplanned)
        assert "The base moved" not in member.get(address).text

    def test_agreeing_on_the_home_page_leads_back_there(self, member, address):
        assert member.post(f"{address}/replanned", {"step": "confirm", "back": "home"}).location == "/"

    def test_choosing_another_time_with_one_tap(self, member, last, address):
        value = re.search(r'name="place" value="([^"]+)"', member.get(address).text)[1]
        member.post(f"{address}/replanned", {"step": "choose", "version": "1", "place": value})
        sent = last()
        assert isinstance(sent, MoveReservation)
        assert (sent.facility, sent.unit) == ("LAB-1", "LAB-1-4")
        assert sent.version == 1

    @pytest.mark.parametrize("place", ["", "LAB-1|LAB-1-4|soon|later", "LAB-1"])
    def test_a_place_that_cannot_be_read_is_refused(self, member, address, place):
        answer = member.post(f"{address}/replanned", {"step": "choose", "version": "1", "place": place})
        assert answer.status_code == 422

    def test_declining_gives_it_up(self, member, last, address):
        member.post(f"{address}/replanned", {"step": "decline", "version": "1", "reason": "样品不在"})
        assert isinstance(last(), CancelReservation)
        assert last().reason == "样品不在"

    def test_declining_what_still_waits_withdraws_it(self, member, services, last, own, address):
        services.reservations[own["reservation"]]["state"] = "requested"
        member.post(f"{address}/replanned", {"step": "decline", "version": "1"})
        assert isinstance(last(), WithdrawReservation)

    def test_too_late_is_said(self, member, services, address):
        services.answers["booking", "confirm_replanned"] = StaleVersion(version=9)
        answer = member.post(f"{address}/replanned", {"step": "confirm", "version": "1"})
        assert answer.status_code == 409
        assert 'role="alert"' in answer.text

    def test_the_page_goes_on_when_it_is_not_known(self, member, services, address):
        services.answers["booking", "replanned"] = Unavailable()
        assert member.get(address).status_code == 200
        assert member.get("/").status_code == 200
