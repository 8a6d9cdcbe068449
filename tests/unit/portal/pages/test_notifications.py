"""Choosing what to hear of."""

import pytest


def ticked(page):
    boxes = page.all("input", type="checkbox", name="switch")
    return {box["value"] for box in boxes if "checked" in box}


def form_of(page, **more):
    """What the form would send as it stands."""
    return {"switch": sorted(ticked(page) - {"urgent.email", "urgent.wechat"}), "digest": "none", "language": ""} | more


def test_a_reader_sees_what_counts_and_what_cannot_be_switched_off(member, services):
    services.chosen["bound"] = ["email", "wecom"]
    page = member.page("/notifications")
    boxes = {box["value"]: box for box in page.all("input", type="checkbox", name="switch")}
    assert len(boxes) == 36
    assert "disabled" in boxes["urgent.email"]
    assert "disabled" in boxes["reminders.wechat"], "no WeChat account is bound"
    services.chosen["bound"] = ["email", "wechat"]
    page = member.page("/notifications")
    assert {"decisions.email", "decisions.wechat", "urgent.email"} <= ticked(page)


def test_a_choice_is_kept(member, services):
    form = form_of(member.page("/notifications"), quiet="yes", quiet_from="23:00", quiet_until="06:30", digest="weekly")
    form |= {"digest_at": "09:15", "digest_weekday": "5", "language": "en", "timezone": "Europe/Berlin"}
    form["switch"] = [name for name in form["switch"] if name != "reports.wechat"]
    assert member.post("/notifications", form).status_code == 303
    chosen = services.chosen
    assert chosen["switches"]["reports"] == {"email": True, "wechat": False, "wecom": True}, "an unbound one stays"
    assert (chosen["quiet_from"], chosen["quiet_until"]) == ("23:00", "06:30")
    assert (chosen["digest"], chosen["digest_at"], chosen["digest_weekday"]) == ("weekly", "09:15", 5)
    assert (chosen["language"], chosen["timezone"]) == ("en", "Europe/Berlin")
    assert "urgent" not in services.commands[-1].switches


def test_without_quiet_hours_their_times_count_for_nothing(member, services):
    member.post("/notifications", form_of(member.page("/notifications"), quiet_from="23:00", quiet_until="06:30"))
    assert services.chosen["quiet_from"] is None


def test_a_wrong_field_is_marked_and_the_form_keeps_what_was_typed(member):
    form = form_of(member.page("/notifications"), quiet="yes", quiet_from="09:00", quiet_until="09:00", digest="daily")
    answer = member.post("/notifications", form)
    assert answer.status_code == 422
    assert "结束时间不能与开始时间相同" in answer.text
    assert 'value="daily" checked' in answer.text


@pytest.mark.parametrize("weekday", ["", "x", "9"])
def test_a_weekday_that_is_none_is_refused_or_monday(member, weekday):
    form = form_of(member.page("/notifications"), digest_weekday=weekday)
    assert member.post("/notifications", form).status_code in (303, 422)


def test_the_account_leads_there(member):
    assert member.page("/account").all("a", href="/notifications")
