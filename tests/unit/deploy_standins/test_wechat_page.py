import pytest

from deploy.standins.wechat.page import wechat_page
from deploy.standins.wechat.texts import TEXTS


def test_both_languages_have_the_same_words():
    assert TEXTS["zh"].keys() == TEXTS["en"].keys()


@pytest.mark.parametrize("code", ["zh", "en"])
def test_an_empty_page_says_what_will_come(wechat, code):
    html = wechat_page(code, wechat.conversation, "")
    assert TEXTS[code]["nothing"] in html
    assert TEXTS[code]["no_requests"] in html


def test_everything_that_arrived_is_escaped(wechat):
    token = wechat.token()
    wechat.send(token, "demo-<script>", {"thing1": "<script>x</script>"}, url="javascript:alert(1)")
    wechat.send(token, '"><img src=x>')
    html = wechat_page("zh", wechat.conversation, "")
    assert not any(text in html for text in ("<script", "<img", "javascript:"))
    assert "&lt;script&gt;x" in html


def test_each_person_has_a_phone_and_what_was_not_shown_says_why(wechat):
    token = wechat.token()
    for person in ("demo-lead01", "demo-lead02", "demo-lead02"):
        wechat.send(token, person, {"thing9": "多余"}, client_msg_id="d-1", url="https://base.example/reservations/1")
    html = wechat_page("en", wechat.conversation, "")
    assert html.count('class="phone"') == 2
    assert html.index("demo-lead02") < html.index("demo-lead01")
    assert TEXTS["en"]["duplicate"] in html
    assert TEXTS["en"]["undeclared"] + "thing9" in html
    assert 'href="https://base.example/reservations/1"' in html
    assert wechat_page("en", wechat.conversation, "lead01").count('class="phone"') == 1


def test_many_people_are_counted_and_not_all_drawn(wechat):
    token = wechat.token()
    for number in range(30):
        wechat.send(token, f"demo-member{number:02}")
    html = wechat_page("en", wechat.conversation, "")
    assert html.count('class="phone"') == 24
    assert TEXTS["en"]["more_people"].format(count=6) in html
