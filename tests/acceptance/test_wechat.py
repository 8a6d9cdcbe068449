"""WeChat as people live it: bind it, follow a card's link, decide on the phone, leave; and those who would forge it."""

import re
from urllib.parse import urlsplit

import httpx
import pytest

from tests.acceptance.browser import Browser
from tests.waiting import until

PHONE = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50"


@pytest.fixture
def wechat(stack):
    """The platform's stand-in."""
    with httpx.Client(base_url=stack.description["wechat"], timeout=20) as client:
        yield client


@pytest.fixture
def visitor(stack):
    with Browser(stack) as browser:
        yield browser


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": browser.csrf_token(), **fields})


def bind(browser, wechat, person):
    """Show a code, scan it as ``person``, confirm."""
    code = post(browser, "/account/channels/wechat").headers["Location"]
    assert "data:image/svg+xml" in browser.get(code).text
    ticket = wechat.get("/api/tickets").json()[0]
    assert wechat.post("/api/scan", json={"person": person, "ticket": ticket}).status_code == 200
    until(lambda: "/confirm" in browser.get(code, headers={"HX-Request": "true"}).text)
    return post(browser, f"{code}/confirm")


def through(phone, address):
    """Open a link inside WeChat and go on until a page is shown; returns it with the addresses passed."""
    passed = []
    for _ in range(12):
        answer = phone.get(address)
        passed.append(str(answer.url))
        if answer.status_code not in (302, 303):
            return answer, passed
        address = str(answer.url.join(answer.headers["Location"]))
        if "/connect/oauth2/authorize" in address:
            address = address.partition("#")[0] + f"&person={phone.headers['X-Holder']}"
    raise AssertionError(passed)


def test_who_binds_wechat_reads_and_decides_on_the_phone(stack, api, slots, visitor, wechat):
    """From the code on the desk to the approval in the hand, without a password on the phone."""
    visitor.sign_in("manager-labs")
    assert bind(visitor, wechat, "demo-phone-of-wang").status_code == 303
    asked = api("member17").reserve("LAB-3", slots("LAB-3"), team="team-17").json()

    def card():
        ours = [card for card in stack.cards() if card["to"] == "demo-phone-of-wang"]
        return next((each for each in ours if asked["id"] in (each.get("url") or "")), None)

    link = until(card, 60)["url"]
    with httpx.Client(headers={"User-Agent": PHONE, "X-Holder": "demo-phone-of-wang"}, timeout=10) as phone:
        page, passed = through(phone, link)
        assert str(page.url) == link
        assert "code=" not in passed[-1]
        assert "code=" not in passed[-2], "the code is gone from the address at once"
        button = f'action="/reservations/{asked["id"]}/approve"'
        assert button in page.text
        assert phone.get(f"{link}/approve").status_code == 405, "looking decides nothing"
        token = re.search(r'name="csrf_token"[^>]*value="([0-9a-f]{64})"', page.text)[1]
        done = phone.post(f"{link}/approve", data={"csrf_token": token, "version": str(asked["version"])})
        assert done.status_code == 303
    assert api("member17").get(f"reservations/{asked['id']}").json()["state"] == "approved"


def test_a_strangers_phone_is_asked_for_the_password(stack, api, slots):
    asked = api("member18").reserve("LAB-3", slots("LAB-3"), team="team-18").json()
    link = f"{stack.portal}/reservations/{asked['id']}"
    with httpx.Client(headers={"User-Agent": PHONE, "X-Holder": "demo-nobody"}, timeout=10) as phone:
        page, _passed = through(phone, link)
        assert "/sign-in" in str(page.url)
        assert "高温老化" not in page.text


def test_who_unfollows_is_told_by_mail_and_must_consent_to_come_back(stack, visitor, wechat):
    visitor.sign_in("member19")
    bind(visitor, wechat, "demo-phone-19")
    wechat.post("/api/people", json={"person": "demo-phone-19", "state": "unfollowed"})
    until(lambda: "已取消关注" in visitor.get("/account/channels").text)
    wechat.post("/api/people", json={"person": "demo-phone-19", "state": "following"})
    until(lambda: any(each["event"] == "subscribe" for each in wechat.get("/api/callbacks").json()))
    assert "已取消关注" in visitor.get("/account/channels").text


def test_an_account_of_somebody_else_stays_theirs(stack, visitor, wechat):
    visitor.sign_in("member20")
    bind(visitor, wechat, "demo-phone-20")
    with Browser(stack) as other:
        other.sign_in("member21")
        refused = bind_refused(other, wechat, "demo-phone-20")
        assert "该账号已绑定其他人员" in refused.text
    assert "…e-20" in visitor.get("/account/channels").text


def bind_refused(browser, wechat, person):
    code = post(browser, "/account/channels/wechat").headers["Location"]
    ticket = wechat.get("/api/tickets").json()[0]
    wechat.post("/api/scan", json={"person": person, "ticket": ticket})
    until(lambda: "已绑定其他人员" in browser.get(code).text)
    return post(browser, f"{code}/confirm")


@pytest.mark.parametrize("twist", ["bad_signature", "wrong_receiver", "old", "bomb", "plain", "broken_cipher"])
def test_what_is_not_from_the_platform_is_refused(visitor, wechat, twist):
    visitor.sign_in("member22")
    answer = wechat.post("/api/callbacks", json={"person": "demo-member22", "event": "unsubscribe", "twist": twist})
    [tried] = answer.json()["tries"]
    assert 400 <= tried["status"] < 500
    assert "已取消关注" not in visitor.get("/account/channels").text


def test_what_is_from_the_platform_is_answered_at_once_and_taken_once(wechat):
    report = {"person": "demo-member23", "event": "TEMPLATESENDJOBFINISH", "fields": {"MsgID": 1, "Status": "success"}}
    for twist, statuses in (("twice", [200, 200]), ("replay", [200, 409])):
        tries = wechat.post("/api/callbacks", json=report | {"twist": twist}).json()["tries"]
        assert [each["status"] for each in tries] == statuses
        assert max(each["milliseconds"] for each in tries) < 1000
    proof = wechat.post("/api/callbacks/prove").json()
    assert (proof["status"], proof["answer"]) == (200, proof["asked"])


def test_cards_say_whether_they_arrived(stack, api, slots):
    asked = api("lead24").reserve("LAB-3", slots("LAB-3"), team="team-24").json()
    reader = "manager-labs"

    def fates():
        told = api(reader).get("deliveries", params={"reservation": asked["id"]}).json().get("items", [])
        return {each.get("arrival") for each in told if each["channel"] == "wechat" and each["recipient"] == reader}

    until(lambda: fates() == {"arrived"}, 60)


def test_nothing_secret_is_in_a_log(stack, wechat, visitor):
    """Neither the ids of accounts, nor one-time codes, nor the account's own secrets."""
    visitor.sign_in("member25")
    bind(visitor, wechat, "demo-secret-openid-25")
    with httpx.Client(headers={"User-Agent": PHONE, "X-Holder": "demo-secret-openid-25"}, timeout=10) as phone:
        _page, passed = through(phone, f"{stack.portal}/reservations")
    [code] = {re.search(r"[?&]code=([^&]+)", each)[1] for each in passed if "code=" in urlsplit(each).query}
    logs = {path.name: path.read_text(errors="replace") for path in (stack.state_dir / "logs").glob("*.log")}
    product = {name: text for name, text in logs.items() if not name.startswith("wechat")}
    assert product
    assert [name for name, text in product.items() if code in text or "demo-secret-openid-25" in text] == []
