"""Rivals on the pages: ranked for who decides, numbers for rivals, a draw that everybody can check, and reasons."""

import re
from datetime import timedelta

import pytest

from services.portal.pages.timeline import ZONE
from tests.unit.portal import contention_examples as examples
from tests.unit.portal.contention_examples import DRAW, RESERVATION


@pytest.fixture
def own(services):
    """A reservation of the member's own team."""
    return next(key for key, item in services.reservations.items() if item["team"] == "team-00")


@pytest.fixture
def groups(services):
    rivals = (examples.a_rival(), examples.a_rival(2, id=RESERVATION.replace("1111", "2222"), team_name="晨曦"))
    starts = services.now + timedelta(days=3)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat()}
    services.groups = [examples.a_group(*(each | times for each in rivals), **times)]
    return services.groups


def test_who_decides_sees_rivals_ranked_with_their_sums(as_person, groups):
    page = as_person("manager-labs", "en").get("/contention").text
    assert "1. 海晏光电" in page
    assert "2. 晨曦" in page
    assert "2 requests, and not room for all." in page
    for words in ("Class of the project", "Key project", "20 h used lately, entitled to 15 h", "needed by", "/ 100"):
        assert words in page
    assert page.count("Allocate to this one") == 2


def test_allocating_is_one_step_and_a_missing_reason_is_asked_for(manager, groups):
    address = f"/contention/{RESERVATION}/allocate"
    refused = manager.post(address, {"version": "1", "reason": ""})
    assert refused.status_code == 422
    assert "请说明理由；" in refused.text
    assert manager.post(address, {"version": "1", "reason": "样品易失效"}).status_code == 303
    assert "目前没有申请竞争" in manager.get("/contention").text


def test_the_queue_and_the_menu_lead_there(as_person, groups):
    browser = as_person("manager-labs", "en")
    assert "2 requests compete for time that you may give out." in browser.get("/approvals").text
    assert 'href="/contention"' in browser.get("/manage").text


def test_only_who_manages_has_the_page(member):
    assert member.get("/contention").status_code == 403


def test_a_rival_reads_the_number_of_others_and_its_own_sum(as_person, services, own):
    services.explained = examples.an_explanation("competing", competing=examples.competing(), decisions=[])
    page = as_person("member01", "en").get(f"/reservations/{own}").text
    assert "2 rivals ask for it too." in page
    assert "by a manager, or else by the ranking" in page
    assert "What counts for your request" in page
    assert "place" not in page.split("Competing for this time")[1].split("</section>")[0]


def test_in_a_draw_it_reads_its_number_and_the_fingerprint(as_person, services, own):
    services.explained = examples.an_explanation("competing", competing=examples.competing("draw"), decisions=[])
    page = as_person("member01", "en").get(f"/reservations/{own}").text
    assert examples.FINGERPRINT in page
    assert f"/draws/{DRAW}" in page


@pytest.mark.parametrize(("kept", "words"), [
    (examples.kept(), "Nobody decided in time, so the ranking did. The request was in place 2 of 3."),
    (examples.kept("manager", 1, reason="the sample spoils", winner=examples.kept()["winner"] | {"rank": 2}),
     "The manager departed from the ranking."),
    (examples.drawn(), "The request that got the time drew: entry 2, weight 1, key 0.810000."),
    (examples.kept(rank=1, of=1, winner=None), "Nobody else asked for the time."),
    (examples.kept(violations=[{"rule": "interrupted"}]), "it could not be placed"),
])
def test_why_is_told_sentence_by_sentence(as_person, services, own, kept, words):
    step = examples.an_explanation()["decisions"][0] | {"basis": {"contention": kept, "facility_version": 3}}
    services.explained = examples.an_explanation(decisions=[step])
    page = re.sub(r"\s+", " ", as_person("member01", "en").get(f"/reservations/{own}").text)
    assert words in page
    assert "Judged by version 3" in page


@pytest.mark.parametrize(("days", "is_led"), [(3, True), (-3, False)])
def test_who_was_passed_over_is_led_to_the_wait_list_and_to_other_times(as_person, services, own, days, is_led):
    services.explained = examples.an_explanation()
    starts = services.now + timedelta(days=days)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=2)).isoformat()}
    services.reservations[own] |= times
    page = as_person("member01", "en").get(f"/reservations/{own}").text
    assert ("/find?facility=" in page and "Your place on the wait list" in page) is is_led


WAITED = {
    **dict.fromkeys(("joined_at", "starts_at", "ends_at"), examples.DECIDED), "minutes": 60, "before": 1, "waiting": 4,
}


def test_other_decisions_are_explained_too(as_person, services, own):
    bases = ({"role": "facility_manager", "stage": "manager"}, {"wait_list": WAITED},
             {"collected": {"allocation": "draw", "decide_by": examples.DECIDED, "rivals": 1}})
    step = examples.an_explanation()["decisions"][0]
    services.explained = examples.an_explanation(decisions=[step | {"basis": basis} for basis in bases])
    page = as_person("member01", "en").get(f"/reservations/{own}").text
    for words in ("Decided as: Facility manager.", "1 before it waited for the same time", "Then there was 1 rival."):
        assert words in page


def test_a_draw_shows_its_seed_only_when_it_is_over(as_person, services):
    browser = as_person("member01", "en")
    page = browser.get(f"/draws/{DRAW}").text
    for words in ("got time", "no room left", "0.81", "SHA-256"):
        assert words in page
    services.drawn = examples.a_draw(open=True, seed=None)
    assert "published when everything of this draw is decided" in browser.get(f"/draws/{DRAW}").text
    assert browser.get(f"/draws/{RESERVATION}").status_code == 404


def test_a_collecting_facility_says_so_and_asks_for_a_deadline(as_person, services):
    services.facilities["LAB-3"] |= {"allocation": "draw", "allocation_hours": 48}
    browser = as_person("member01", "en")
    form = browser.get("/reservations/new?facility=LAB-3").text
    assert 'name="needed_by"' in form
    assert "Requests are collected until 2 days before the start." in form
    assert "a draw decides" in browser.get("/facilities/LAB-3").text
    assert 'name="needed_by"' not in browser.get("/reservations/new?facility=LAB-4").text


def test_a_manager_chooses_how_time_is_given_out(as_person, services):
    browser = as_person("manager-labs", "en")
    numbers = {"check_in_minutes": "15", "no_show_minutes": "0", "elastic_minutes": "0", "offer_minutes": "120"}
    version = str(services.facilities["LAB-3"]["version"])
    asked = numbers | {"version": version, "allocation": "manager", "allocation_hours": "24"}
    assert "Collect, then draw" in browser.get("/facilities/LAB-3/edit/use").text
    assert browser.post("/facilities/LAB-3/edit/use", asked | {"allocation": "auction"}).status_code == 422
    assert browser.post("/facilities/LAB-3/edit/use", asked).status_code == 303
    assert services.facilities["LAB-3"]["allocation"] == "manager"


def test_the_board_counts_requests_and_leaves_the_time_free(as_person, services):
    starts = services.now.astimezone(ZONE).replace(hour=10, minute=0, second=0, microsecond=0)
    told = {"facility": "LAB-3", "unit": None, "starts_at": starts.isoformat(), "requests": 2, "state": "competing",
            "ends_at": (starts + timedelta(hours=2)).isoformat(), "mine": False}
    usual = services.board

    def board(actor, **wanted):
        found = usual(actor, **wanted)
        return found | {"items": [*found["items"], told]}

    services.answers["booking", "board"] = board
    page = as_person("member01", "en").get(f"/board?view=day&on={starts.astimezone(ZONE).date()}").text
    assert "2 requests" in page
