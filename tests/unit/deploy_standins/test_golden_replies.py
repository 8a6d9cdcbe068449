"""Requests and the replies of the real servers, as far as they are known.

Each row of golden_replies.json says how it is known: O the vendor's documentation, C public issues and posts,
K common knowledge nobody confirmed. A correction against the real service is a change of data, here and in the judge.
"""

import json
from pathlib import Path

import pytest

ROWS = json.loads(Path(__file__).with_name("golden_replies.json").read_text("utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_the_reply_is_the_real_one(wechat, row):
    assert row["grade"] in "OCK"
    for person, state in row.get("given", {}).items():
        wechat.provider.people.set_state(person, state)
    query = dict(row.get("query", {}))
    if "token" in row:
        query["access_token"] = wechat.token(row["token"])
    wechat.clock.ahead += row.get("wait", 0)
    for _ in range(row.get("times", 1)):
        reply = wechat.reply(
            row["method"], row["path"].removeprefix("/cgi-bin/"), query, row.get("body"), row.get("raw")
        )
    answer = json.loads(reply.body)
    expected = dict(row["reply"])
    assert reply.status == 200
    assert expected.pop("names", "") in answer.get("errmsg", "")
    assert {key: answer.get(key) for key in expected} == expected
    assert len(wechat.shown()) == row.get("shown", 0)
