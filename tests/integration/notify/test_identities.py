"""What the platforms say of somebody: the picture of a code, and who a code from inside an app is."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.errors import InvalidInput, Unavailable
from services.notify.channels.wecom import WeComSettings, app_token
from services.notify.tencent.identities import Colleagues, Identities
from services.notify.tencent.official import WeChatSettings, stable_token


@pytest.fixture
def platform(wechat):
    base = f"http://127.0.0.1:{wechat.ports['WECHAT_PORT']}"
    settings = WeChatSettings(base, "wx-demo-app", "demo-app-secret")
    return Identities(settings, stable_token(settings), seconds=1)


def test_the_picture_carries_the_code(platform, wechat):
    address = platform.ticket(str(uuid.uuid4()))
    assert wechat.client.get("/api/tickets").json()[0] == address.rpartition("/")[2]


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "slow", "seconds": 3},
        {"fault": "reset"},
        {"fault": "truncate"},
        {"fault": "html200"},
        {"fault": "status", "code": 502},
        {"fault": "code", "code": 48001},
    ],
    ids=str,
)
def test_whatever_the_platform_does_ends_soon_and_in_words(platform, wechat, fault, caplog):
    wechat.client.post("/api/faults", json=fault | {"route": "create"})
    began = datetime.now(UTC)
    with pytest.raises(Unavailable):
        platform.ticket(str(uuid.uuid4()))
    assert datetime.now(UTC) - began < timedelta(seconds=3)
    assert "demo-app-secret" not in str([vars(record) for record in caplog.records])


def code_from(wechat, person, account="wx-demo-app"):
    asked = {"appid": account, "redirect_uri": "http://localhost/back", "state": "abc", "person": person}
    answer = wechat.client.get("/connect/oauth2/authorize", params=asked)
    return answer.headers["Location"].partition("code=")[2].partition("&")[0]


def test_a_code_from_inside_wechat_says_who_it_is_and_works_once(platform, wechat):
    code = code_from(wechat, "demo-lead01")
    assert platform.external_id(code) == "demo-lead01"
    for spent in (code, "guessed"):
        with pytest.raises(InvalidInput):
            platform.external_id(spent)


@pytest.fixture
def colleagues(wechat):
    base = f"http://127.0.0.1:{wechat.ports['WECHAT_PORT']}"
    settings = WeComSettings(base, "ww-demo-corp", 1000002, "demo-corp-secret")
    return Colleagues(base, app_token(settings), seconds=1)


def test_a_member_of_the_corporation_is_told_from_a_stranger(colleagues, wechat):
    """Of a stranger the platform tells an id as well, and no error."""
    code = code_from(wechat, "demo-manager", "ww-demo-corp")
    assert colleagues.external_id(code) == "demo-manager"
    with pytest.raises(InvalidInput) as spent:
        colleagues.external_id(code)
    assert spent.value.facts == {"errors": {"code": ["spent"]}}
    with pytest.raises(InvalidInput) as stranger:
        colleagues.external_id(code_from(wechat, "somebody-else", "ww-demo-corp"))
    assert stranger.value.facts == {"errors": {"code": ["not_a_member"]}}


def test_a_token_that_died_is_renewed_once(colleagues, wechat):
    assert colleagues.external_id(code_from(wechat, "demo-manager", "ww-demo-corp")) == "demo-manager"
    wechat.client.post("/api/faults", json={"fault": "token_revoke", "route": "getuserinfo"})
    assert colleagues.external_id(code_from(wechat, "demo-manager", "ww-demo-corp")) == "demo-manager"
