"""The pages of campaigns, as a person without script goes through them."""

from datetime import timedelta

import pytest

from services.portal.pages.campaign_form import TypedStep, begun, starts_in, typed
from services.portal.pages.campaign_plans import gap_words, shown
from services.portal.pages.explaining import why
from services.portal.pages.timeline import ZONE, at
from tests.unit.portal.pages import documents

FACILITIES = ("PLAT-01", "LINE-1", "LAB-1")


@pytest.fixture
def first(services):
    """A day three weeks ahead, on a base of which nothing is known."""
    services.reservations.clear()
    return services.now.astimezone(ZONE).date() + timedelta(days=21)


@pytest.fixture
def fields(first):
    steps = {f"facility-{number}": code for number, code in enumerate(FACILITIES)}
    return steps | {
        "count": "3", "hours-0": "2", "hours-1": "1,5", "hours-2": "2", "least-1": "1", "most-2": "48",
        "first_day": first.isoformat(), "last_day": (first + timedelta(days=20)).isoformat(), "team": "team-00",
        "project": "", "purpose": "银膜与老化", "request_key": "key-1",
    }


def found(member, fields, **more):
    answer = member.post("/campaigns/new", {**fields, **more})
    return answer, documents.read(answer.text)


@pytest.fixture
def campaign(member, services, fields):
    """The address of a campaign of which all steps wait."""
    _, page = found(member, fields, do="find")
    answer = member.post("/campaigns/new", {**fields, "take": page.all("button", name="take")[0]["value"]})
    assert answer.status_code == 303, answer.text
    return answer.location


def test_a_newcomer_reads_what_it_is_and_starts_from_a_usual_way(member):
    page = member.page("/campaigns/new")
    assert "多台设施" in page.text
    routes = [link["href"] for link in page.all("a") if "route=" in link["href"]]
    assert len(routes) == 3
    page = member.page("/campaigns/new?route=film")
    chosen = [each["value"] for each in page.all("option") if "selected" in each and each["value"] in FACILITIES]
    assert chosen == list(FACILITIES)
    assert page.value("most-2") == "48"


def test_steps_are_added_taken_out_and_put_in_order_without_script(member, fields):
    def order(do, count=3):
        _, page = found(member, fields, do=do)
        return [each["value"] for each in page.all("option") if "selected" in each][:count]

    assert order("up-1") == ["LINE-1", "PLAT-01", "LAB-1"]
    assert order("down-1") == ["PLAT-01", "LAB-1", "LINE-1"]
    assert order("remove-1", 2) == ["PLAT-01", "LAB-1"]
    _, page = found(member, fields, do="add")
    assert page.value("count") == "4"
    for nonsense in ("up-0", "down-2", "remove-99", "hop-1", "up-x"):
        assert order(nonsense) == list(FACILITIES)


def test_plans_are_shown_with_pictures_and_reasons_and_one_is_taken(member, services, fields):
    answer, page = found(member, fields, do="find")
    assert answer.status_code == 200
    takes = [each["value"] for each in page.all("button", name="take")]
    assert len(takes) == 3
    assert takes[0].startswith(f"{fields['first_day']}T09:00,{fields['first_day']}T12:00")
    assert "最早开始" in page.text
    assert len(page.all("div", **{"class": "strips strip-1 chain"})) == 3
    answer = member.post("/campaigns/new", {**fields, "take": takes[1]})
    assert answer.status_code == 303
    held = [each for each in services.reservations.values() if each.get("campaign")]
    assert [(each["facility"], each["least_gap_minutes"], each["most_gap_minutes"]) for each in held] == [
        ("PLAT-01", 0, None), ("LINE-1", 60, None), ("LAB-1", 0, 2880)]


def test_what_is_wrong_stands_at_its_field(member, fields):
    answer, page = found(member, fields, do="find", **{"facility-1": ""})
    assert answer.status_code == 422
    assert page.all("select", id="facility-1")[0]["aria-invalid"] == "true"
    assert not page.all("button", name="take")
    answer, page = found(member, fields, do="find", first_day="soon")
    assert page.all("input", id="last_day")[0]["aria-invalid"] == "true"
    value = f"{fields['first_day']}T09:00,{fields['first_day']}T12:00,{fields['first_day']}T15:00"
    answer, page = found(member, fields, purpose="", take=value)
    assert answer.status_code == 422
    assert page.all("textarea", id="purpose")[0]["aria-invalid"] == "true"


def test_without_a_plan_the_page_says_what_stands_in_the_way(member, services, fields):
    services.hindered = ({"step": 2, "facility": "LINE-1", "taken": True, "violations": []},)
    _, page = found(member, fields, do="find")
    assert "这些天内没有这么长的空闲时间" in page.text


def test_who_was_slower_sees_the_next_plans(member, services, fields):
    services.faster = True
    value = f"{fields['first_day']}T09:00,{fields['first_day']}T12:00,{fields['first_day']}T15:00"
    answer, page = found(member, fields, take=value)
    assert answer.status_code == 409
    assert len(page.all("button", name="take")) == 1
    assert not services.campaigned


def test_a_plan_of_other_steps_is_looked_for_again(member, fields):
    answer, page = found(member, fields, take="2026-01-01T09:00")
    assert answer.status_code == 200
    assert len(page.all("button", name="take")) == 3


def test_the_page_of_a_campaign_shows_the_chain_and_moves_it_as_a_whole(member, services, campaign):
    page = member.page(campaign)
    assert "3 步" in page.text
    assert "至少间隔 1 小时" in page.text
    assert "第 2 步" in page.text
    day = (services.now + timedelta(days=40)).astimezone(ZONE).date()
    moved = member.page(f"{campaign}?wished={day.isoformat()}")
    plans = [each["value"] for each in moved.all("input", name="plan")]
    assert len(plans) == 2
    answer = member.post(f"{campaign}/move", {"version": "1", "plan": plans[0]})
    assert answer.status_code == 303
    starts = [each["starts_at"] for each in services.reservations.values() if each.get("campaign")]
    assert min(starts) == at(day, 9 * 60).isoformat()
    services.faster = True
    assert member.post(f"{campaign}/move", {"version": "1", "plan": plans[0]}).status_code == 409


def test_it_is_given_up_as_a_whole(member, services, campaign):
    assert member.post(f"{campaign}/cancel", {"reason": ""}).status_code == 303
    assert {each["state"] for each in services.reservations.values() if each.get("campaign")} == {"withdrawn"}
    assert "已结束" in member.page(campaign).text


def test_a_manager_decides_about_the_whole_in_the_queue(manager, services, campaign):
    queue = manager.page("/approvals")
    one = campaign.rsplit("/", 1)[1]
    assert "待您审批的步骤：" in queue.text
    assert len([link for link in queue.all("a") if link["href"] == campaign]) == 1
    assert manager.post(f"{campaign}/reject", {"reason": " "}).status_code == 422
    answer = manager.post("/approvals", {"reservation": [f"campaign:{one}"], "request_key": "k"})
    assert answer.status_code == 303
    assert {each["state"] for each in services.reservations.values() if each.get("campaign")} == {"approved"}


def test_a_step_and_the_project_say_to_which_campaign_they_belong(member, services, campaign, fields):
    second = next(each for each in services.reservations.values() if each.get("campaign_step") == 2)
    page = member.page(f"/reservations/{second['id']}")
    assert "第 2 步，共 3 步" in page.text
    assert [link for link in page.all("a") if link["href"] == campaign]
    neighbours = [each["id"] for each in services.reservations.values() if each.get("campaign_step") in (1, 3)]
    assert all(f"/reservations/{each}" in {link["href"] for link in page.all("a")} for each in neighbours)
    journey = member.page("/projects/team-00/team-00-p1")
    assert len([link for link in journey.all("a") if link["href"] == campaign]) == 3


def test_pages_are_sound_in_both_languages(as_person, campaign, fields):
    for language in ("zh-Hans", "en"):
        browser = as_person("member01", language)
        pages = [browser.page(campaign), found(browser, fields, do="find")[1],
                 browser.page(f"{campaign}?wished={fields['first_day']}")]
        for page in pages:
            identifiers = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
            assert len(identifiers) == len(set(identifiers))
            assert len(page.all("h1")) == 1
            assert not [tag for tag, attributes in page.tags if "style" in attributes]


# what the form means ---------------------------------------------------------------------


def test_hours_are_read_as_minutes_and_nonsense_is_left_for_booking_to_refuse():
    step = TypedStep(facility="LAB-1", hours="1.5", least="0,5", most="x")
    assert (step.minutes, step.common()["least_gap_minutes"], step.common()["most_gap_minutes"]) == (90, 30, "x")
    assert TypedStep(hours="1e999").minutes == "1e999"
    assert typed({"count": "x"}).steps == (TypedStep(hours=""), TypedStep(hours=""))
    assert len(typed({"count": "400"}).steps) == 12
    assert begun("nowhere", "").steps == (TypedStep(), TypedStep())


def test_a_plan_counts_only_for_as_many_steps():
    assert starts_in("2026-11-26T09:00,2026-11-26T12:00", 2) == [
        at(day, minute) for day, minute in ((starts_in("2026-11-26T09:00", 1)[0].date(), 540),
                                            (starts_in("2026-11-26T09:00", 1)[0].date(), 720))]
    for nonsense in ("2026-11-26T09:00", "", "x,y"):
        assert starts_in(nonsense, 2) is None


def test_a_step_that_ended_with_another_one_says_so(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        (decision,) = why({"decisions": [{"action": "reject", "at": "", "basis": {"campaign_step": 2}}]})
    assert decision["told"] == ["It ended with step 2 of its campaign: the steps stand and fall together."]


def test_what_is_good_about_a_plan_is_told_beside_the_others(app):
    def plan(day, gap):
        times = [at(day, 540), at(day, 660), at(day, 660 + gap), at(day, 720 + gap)]
        first, second = ({"step": 1, "facility": "LAB-1", "unit": None}, {"step": 2, "facility": "LAB-2", "unit": None})
        steps = [first | {"starts_at": times[0].isoformat(), "ends_at": times[1].isoformat()},
                 second | {"starts_at": times[2].isoformat(), "ends_at": times[3].isoformat()}]
        return {"why": "later", "starts_at": steps[0]["starts_at"], "ends_at": steps[1]["ends_at"], "steps": steps}

    day = at(starts_in("2026-11-26T09:00", 1)[0].date(), 0).astimezone(ZONE).date()
    with app.test_request_context(headers={"Accept-Language": "en"}):
        told = [each["told"] for each in shown([plan(day, 60), plan(day + timedelta(days=1), 0)], at(day, 0))]
        assert told == [["starts first", "is done first"], ["waits least between the steps"]]
        assert gap_words({"least_gap_minutes": 60, "most_gap_minutes": 2880}) == "1 h to 48 h apart"
        assert gap_words({"least_gap_minutes": 0, "most_gap_minutes": None}) == ""
