"""Asking the holder of a taken time, and answering: from the board to the end, without script, in both languages."""

from datetime import datetime, timedelta

import pytest

from services.contracts.errors import InvalidInput, RuleBroken, WrongState
from services.portal.pages import local_time
from services.portal.pages.timeline import ZONE, at
from tests.unit.portal.pages import documents
from tests.unit.portal.swap_examples import ASK, an_ask


@pytest.fixture
def day(services):
    services.reservations.clear()
    return (services.now.astimezone(ZONE) + timedelta(days=2)).date()


@pytest.fixture
def reserve(services, day):
    def reserve(team, hour, until, facility="LAB-3", state="approved"):
        times = (at(day, hour * 60).isoformat(), at(day, until * 60).isoformat())
        made = services.request_reservation("admin", f"{team}-{hour}", facility, *times, team, "x")["id"]
        services.reservations[made] |= {"state": state}
        return services.reservations[made]

    return reserve


@pytest.fixture
def taken(reserve):
    return reserve("team-05", 10, 12)


def address(item):
    start = local_time.local_text(datetime.fromisoformat(item["starts_at"]))
    return f"/ask/{item['facility']}/{item['unit']}/{start}"


def test_a_taken_bar_on_the_board_leads_to_its_holder_who_is_not_named(member, taken, day):
    page = member.page(f"/board?view=day&on={day}")
    (link,) = [each for each in page.all("a") if each.get("href") == address(taken) and "bar" in each.get("class", "")]
    assert "taken" in link["class"]
    assert page.all("a", href=address(taken))[1:]  # in the list for phones too
    shown = member.page(address(taken))
    assert "team-05" not in shown.text
    assert "询问使用方" in shown.text


def test_what_nobody_can_be_asked_about_is_not_there(member, manager, reserve, taken, day):
    mine = reserve("team-00", 14, 16)
    for item in (mine, taken | {"starts_at": at(day, 660).isoformat()}):
        assert member.get(address(item)).status_code == 404
    assert member.get("/ask/LAB-3/LAB-3-1/yesterday").status_code == 404
    assert f'href="{address(taken)}"' not in manager.get(f"/board?view=day&on={day}").text


def test_an_own_reservation_is_offered_for_it(member, services, reserve, taken):
    mine = reserve("team-00", 14, 16)
    page = member.page(address(taken))
    assert page.all("option", value=mine["id"])
    answer = member.post(address(taken), {"kind": "swap", "reservation": mine["id"], "note": "中午才到"})
    assert (answer.status_code, answer.location) == (303, f"/asks/{ASK}")
    (sent,) = services.sent
    assert (sent["kind"], sent["reservation"], sent["note"]) == ("swap", mine["id"], "中午才到")
    assert (sent["facility"], sent["unit"], sent["starts_at"]) == (
        "LAB-3", taken["unit"], datetime.fromisoformat(taken["starts_at"]).isoformat())


def test_or_the_holder_is_asked_to_give_way(member, services, taken, day):
    fields = {
        "kind": "give_way", "start_day": day.isoformat(), "start_clock": "10:00", "end_day": day.isoformat(),
        "end_clock": "11:30", "whose": "team-00|team-00-p1", "purpose": "复测", "people": "2",
    }
    assert member.post(address(taken), fields).status_code == 303
    (sent,) = services.sent
    assert (sent["team"], sent["project"], sent["purpose"], sent["people"]) == ("team-00", "team-00-p1", "复测", 2)
    assert (sent["wished_from"], sent["wished_until"]) == (at(day, 600).isoformat(), at(day, 690).isoformat())


def test_a_refusal_says_what_stands_in_the_way_and_keeps_what_was_typed(member, services, taken, day):
    broken = {"rule": "impossible_for_other", "facts": {}, "waivable_by": []}
    services.answers["booking", "ask_holder"] = RuleBroken(violations=[broken], alternatives=[])
    fields = {
        "kind": "give_way", "start_day": day.isoformat(), "start_clock": "10:30", "end_day": day.isoformat(),
        "end_clock": "11:30", "whose": "team-00|", "purpose": "复测 3", "note": "很急",
    }
    answer = member.post(address(taken), fields)
    page = documents.read(answer.text)
    assert answer.status_code == 422
    assert "对方团队那边不可行" in page.text
    assert ("复测 3" in page.text, "很急" in page.text) == (True, True)
    services.answers["booking", "ask_holder"] = InvalidInput(errors={"starts_at": ["already_asked"]})
    assert "已就这一时段询问过" in member.post(address(taken), {"kind": "swap", "reservation": ASK}).text
    fields["start_clock"] = "soon"
    assert member.post(address(taken), fields).status_code == 422


def test_the_form_s_refusal_leads_to_the_times_in_the_way(member, reserve, taken, day):
    span = {"start": f"{day}T09:00", "end": f"{day}T11:00"}
    fields = {
        "facility": "LAB-3", "start_day": day.isoformat(), "start_clock": "09:00", "end_day": day.isoformat(),
        "end_clock": "11:00", "team": "team-00", "purpose": "x",
    }
    told = documents.read(member.post("/reservations/check", fields).text)
    (link,) = [each["href"] for each in told.all("a") if each["href"].startswith("/ask?")]
    answer = member.get(link)
    assert answer.location.startswith(address(taken))
    page = member.get(answer.location).text
    assert [page.count(f"<option selected>{clock}") for clock in ("09:00", "11:00")] == [1, 1]
    second = reserve("team-06", 8, 10)
    listed = member.get("/ask", query_string={"facility": "LAB-3", **span}).text
    assert all(address(each) in listed for each in (taken, second))
    none = member.get("/ask", query_string={"facility": "LAB-3", "start": f"{day}T20:00", "end": f"{day}T21:00"})
    assert "没有可以询问" in none.text
    assert member.get("/ask?facility=LAB-3&start=now").status_code == 404


def test_what_is_asked_and_being_asked_is_listed_with_the_own_times(member, services):
    services.asked = {"a": an_ask("asked", id="a"), "b": an_ask("asking", "give_way", id="b")}
    page = member.page("/asks")
    assert [each["href"] for each in page.all("a") if each["href"].startswith("/asks/")] == ["/asks/a", "/asks/b"]
    assert "有团队想与您调换" in page.text
    assert len([each for each in page.all("span") if "mini" in each.get("class", "")]) == 3
    services.asked = {}
    empty = member.page("/asks").text
    assert "没有团队询问您的时段" in empty


@pytest.mark.parametrize(("kind", "side", "action", "fields"), [
    ("swap", "asked", "accept", {}), ("swap", "asked", "decline", {"reason": "样品下午才到"}),
    ("swap", "asking", "withdraw", {}), ("give_way", "asked", "accept", {"way": ""}),
])
def test_it_is_answered_or_taken_back(member, services, kind, side, action, fields):
    services.asked = {ASK: an_ask(side, kind)}
    page = member.page(f"/asks/{ASK}")
    assert f"/asks/{ASK}/{action}" in [each["action"] for each in page.all("form") if "action" in each]
    answer = member.post(f"/asks/{ASK}/{action}", fields)
    assert (answer.status_code, answer.location) == (303, f"/asks/{ASK}")
    assert services.sent[0]["ask"] == ASK
    assert services.sent[0].get("reason", "") == fields.get("reason", "")
    assert not [each for each in member.page(f"/asks/{ASK}").all("form") if "/asks/" in each.get("action", "")]


def test_who_gives_way_goes_to_the_time_that_was_chosen(member, services):
    services.asked = {ASK: an_ask("asked", "give_way")}
    ways = [each["value"] for each in member.page(f"/asks/{ASK}").all("input", name="way")]
    assert ways == ["LAB-1|C1|2026-11-26T13:00|2026-11-26T15:00", ""]
    member.post(f"/asks/{ASK}/accept", {"way": ways[0]})
    assert services.sent[0]["starts_at"] == "2026-11-26T05:00:00+00:00"
    assert (services.sent[0]["facility"], services.sent[0]["unit"]) == ("LAB-1", "C1")


@pytest.mark.parametrize("way", ["LAB-1", "|||", "LAB-1|C1|soon|later", "LAB-1|C1|2026-11-26T13:00|", "give up"])
def test_what_cannot_be_read_is_not_taken_for_giving_up(member, services, way):
    services.asked = {ASK: an_ask("asked", "give_way")}
    answer = member.post(f"/asks/{ASK}/accept", {"way": way})
    assert (answer.status_code, services.sent) == (422, [])


def test_an_answer_that_comes_too_late_says_so(member, services):
    services.asked = {ASK: an_ask()}
    services.answers["booking", "accept_ask"] = WrongState(reason="ask_over", state="lapsed")
    answer = member.post(f"/asks/{ASK}/accept")
    assert answer.status_code == 409
    assert "该询问已结束" in answer.text
    assert member.get("/asks/none").status_code == 404


def test_the_own_reservation_and_the_first_page_say_that_somebody_asks(member, services, reserve):
    mine = reserve("team-00", 14, 16)
    services.reservations[mine["id"]] |= {"mine": True}
    services.asked = {ASK: an_ask(reservation=mine["id"])}
    for page in (f"/reservations/{mine['id']}", "/"):
        assert member.page(page).all("a", href=f"/asks/{ASK}" if page != "/" else "/asks")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_pages_are_sound_in_both_languages(as_person, services, taken, language):
    services.asked = {ASK: an_ask("asked", "give_way"), "b": an_ask("asking", id="b", state="declined", reason="不行")}
    for page in ("/asks", f"/asks/{ASK}", "/asks/b", address(taken)):
        document = as_person("member01", language).page(page)
        identifiers = [attributes["id"] for _, attributes in document.tags if attributes.get("id")]
        assert len(identifiers) == len(set(identifiers))
        assert len(document.all("h1")) == 1
