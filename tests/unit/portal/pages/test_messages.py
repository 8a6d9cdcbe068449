"""Who was told, what became of it, sending again; and programs that are told."""

from uuid import UUID

import pytest

from services.contracts.errors import NotFound, Unavailable
from services.portal.pages.delivery_words import reason_words
from tests.unit.portal.pages.fake_messages import DEAD, HOOK


@pytest.fixture
def admin(as_person):
    return as_person("admin")


@pytest.fixture
def reservation(services):
    """One that its team and its manager see."""
    both = ("member01", "manager-labs")
    return next(code for code, item in services.reservations.items() if all(services.sees(one, item) for one in both))


def test_managers_read_why_it_failed_and_what_went_instead(as_person, reservation):
    page = as_person("manager-labs", "en").page(f"/reservations/{reservation}")
    for words in ("Could not be delivered", "This person cannot be reached here (43004)", "require subscribe",
                  "2 attempts", "instead", "Group of those on duty", "not that it was read"):  # fmt: skip
        assert words in page.text
    assert page.all("form", action=f"/messages/{DEAD}/resend")


def test_a_team_reads_what_arrived_and_has_no_button(member, reservation):
    page = member.page(f"/reservations/{reservation}")
    assert "已送达" in page.text
    assert "2 次" in page.text
    assert not [form for form in page.all("form") if "resend" in (form.get("action") or "")]


@pytest.mark.parametrize(
    ("refusal", "words"), [(NotFound(), "Nobody has been told yet"), (Unavailable(), "does not answer right now")]
)
def test_what_notify_has_not_heard_of_is_no_silence_of_notify(as_person, services, reservation, refusal, words):
    """The fact of a request may still be on its way when its page is shown."""
    services.answers["notify", "deliveries"] = refusal
    assert words in as_person("member01", "en").page(f"/reservations/{reservation}").text


def test_a_message_is_sent_again_once_and_the_way_leads_back(manager, services, reservation):
    answer = manager.post(f"/messages/{DEAD}/resend", {"reservation": reservation})
    assert answer.location == f"/reservations/{reservation}#deliveries"
    assert services.resent == [DEAD]
    answer = manager.post(f"/messages/{DEAD}/resend")
    assert answer.location == "/messages"
    assert "该消息已经送出" in manager.page("/messages").text
    assert services.resent == [DEAD]


def test_undelivered_messages_are_listed_and_filtered(manager):
    assert "此人无法在该渠道收到消息（43004）" in manager.page("/messages").text
    assert "所有消息均已送出" in manager.page("/messages?channel=email").text
    assert manager.page("/messages?person=manager-labs").value("person") == "manager-labs"
    assert "所有消息均已送出" in manager.page("/messages?person=lead01").text


@pytest.mark.parametrize("address", ["/messages", "/webhooks", f"/webhooks/{HOOK}"])
def test_these_pages_are_closed_to_members(member, services, address):
    services.add_hook()
    assert member.get(address).status_code == 403


def test_webhooks_are_for_those_who_manage_the_base(manager, admin):
    assert manager.get("/webhooks").status_code == 403
    assert "网络回调" not in manager.page("/manage").text
    assert "网络回调" in admin.page("/manage").text


def test_a_webhook_is_added_and_its_secret_shown_once(admin):
    typed = {"name": "MES", "url": "https://mes.example.org/hooks", "team": "", "facts": ["ReservationApproved"]}
    answer = admin.post("/webhooks", typed)
    assert answer.status_code == 201
    assert "whsec_c2VjcmV0" in answer.text
    assert "whsec_" not in admin.page(f"/webhooks/{HOOK}").text
    assert "预约获批" in admin.page(f"/webhooks/{HOOK}").text


def test_what_is_wrong_is_told_and_what_was_typed_is_kept(admin):
    answer = admin.post("/webhooks", {"name": "MES", "url": "http://mes.example.org", "facts": ["ReservationMoved"]})
    assert answer.status_code == 422
    assert "地址须以 https:// 开头。" in answer.text
    assert 'value="http://mes.example.org"' in answer.text
    assert 'value="ReservationMoved" checked' in answer.text


def test_a_webhook_is_switched_and_its_deliveries_are_replayed(admin, services):
    services.add_hook()
    page = admin.page(f"/webhooks/{HOOK}")
    assert "服务器未接收（500）" in page.text
    admin.post(f"/webhooks/{HOOK}/replay", {"delivery": DEAD})
    admin.post(f"/webhooks/{HOOK}/replay")
    assert services.replayed == [DEAD, None]
    admin.post(f"/webhooks/{HOOK}/disable")
    off = admin.page(f"/webhooks/{HOOK}")
    assert "操作人：admin" in off.text
    assert not [form for form in off.all("form") if "replay" in (form.get("action") or "")]
    admin.post(f"/webhooks/{HOOK}/replay")
    assert "已停用，请先启用。" in admin.page(f"/webhooks/{HOOK}").text
    admin.post(f"/webhooks/{HOOK}/enable")
    assert services.hooks[HOOK]["active"]


def test_a_new_secret_is_shown_once(admin, services):
    services.add_hook()
    assert "whsec_bmV1" in admin.post(f"/webhooks/{HOOK}/rotate").text


def test_deliveries_of_a_webhook_are_filtered(admin, services):
    services.add_hook()
    page = admin.page(f"/webhooks/{HOOK}?state=dead")
    assert "服务器未接收（500）" in page.text
    assert "将于" not in page.text
    assert admin.get(f"/webhooks/{UUID(int=99)}").status_code == 404


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (None, ""),
        ("superseded", "A later message says more"),
        ("not arrived: failed:user block", "Accepted, but it did not arrive: the person has blocked our messages"),
        ("not arrived: failed:new thing", "Accepted, but it did not arrive: failed:new thing"),
        ("in doubt, unknown", "Perhaps it arrived; not repeated, so that nobody reads it twice"),
        ("configuration 40164", "The account or its settings are wrong (40164)"),
        ("rate", "Too many messages for now"),
        ("by admin", "by admin"),
        ("something else", "something else"),
    ],
)
def test_reasons_in_words(app, reason, words):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert reason_words(reason) == words
