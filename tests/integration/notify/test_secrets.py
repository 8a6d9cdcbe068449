"""What nobody may read in a log, an attempt, a metric or a page of errors: secrets, tokens, keys."""

import pytest

from tests.integration.notify.test_ledger import card
from tests.integration.notify.test_two_senders import pile_up
from tests.integration.processes import free_port
from tests.waiting import until

SEEDED = {
    "WECHAT_APP_SECRET": "hush-app-secret",
    "WECOM_CORP_ID": "ww-demo-corp",
    "WECOM_SECRET": "hush-corp-secret",
    "WECOM_AGENT_ID": "1000002",
    "WECOM_ROBOT_KEYS": "base=hush-robot-key",
    "SMTP_USER": "base",
    "SMTP_PASSWORD": "hush-password",
    "WEBHOOK_SECRET": "hush-webhook-secret",
}
SECRETS = [value.rpartition("=")[2] for value in SEEDED.values() if "hush" in value]


@pytest.mark.parametrize("reachable", [True, False])
def test_no_secret_is_in_log_ledger_or_metric_even_with_the_provider_away(
    database,
    start_sender,
    wechat,
    reachable,
):
    base = f"http://127.0.0.1:{wechat.ports['WECHAT_PORT'] if reachable else free_port()}"
    pile_up(database, cards=3, letters=2)
    wecom = {"title": "待审批", "description": "x", "url": "https://booking.example.test/", "button": "查看"}
    card(database, channel="wecom", content=wecom, address="demo-manager-labs", fallback=False)
    card(database, channel="robot", content={"markdown": "x"}, address="base", recipient="@base", fallback=False)
    database.change("UPDATE deliveries SET due_at = now()")
    sender = start_sender(WECHAT_API_BASE=base, WECOM_API_BASE=base, **SEEDED)
    channels = {"wechat", "email", "wecom", "robot"}
    tried = """
        SELECT DISTINCT d.channel FROM deliveries d JOIN attempts a ON a.delivery = d.id WHERE a.ended_at IS NOT NULL"""
    until(lambda: {row.channel for row in database.rows(tried)} == channels, seconds=40)
    ledger = str(database.rows("SELECT reason FROM deliveries")) + str(database.rows("SELECT * FROM attempts"))
    token = database.rows("SELECT value FROM access_tokens WHERE value <> ''")
    said = sender.log.read_text() + ledger + sender.get("/metrics").read().decode()
    for secret in (*SECRETS, *(row.value for row in token)):
        assert secret not in said
    assert "demo-lead01" not in sender.log.read_text(), "nor who it was sent to"
