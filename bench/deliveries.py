"""A queue of deliveries worked off by the senders, beside a bare loop that keeps no ledger of the same messages."""

import http.client
import json
import os
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.parse import urlsplit

import psycopg2

BARE = 300
LONGEST_SECONDS = 300
CARD = {
    "step": "approved",
    "url": "http://localhost/",
    "data": {
        "thing1": {"value": "高低温老化"},
        "time2": {"value": "2026年3月5日 09:00~12:30"},
        "thing3": {"value": "芯光团队"},
        "phrase4": {"value": "已批准"},
        "thing5": {"value": "请按时到场"},
    },
}
MAIL = {
    "subject": "预约已批准",
    "text": "您的预约已批准。\n" * 12,
    "html": "<p>您的预约已批准。</p>" * 40,
    "from": "base@example.test",
    "from_name": "中试基地",
    "thread": "bench",
}
FILL = """
    INSERT INTO deliveries (id, event_id, event_type, reservation, version, recipient, channel, address, content,
                            correlation_id, created_at, due_at)
    SELECT gen_random_uuid(), event, 'ReservationApproved', event::text, 1, 'bench', channel,
           CASE channel WHEN 'wechat' THEN 'demo-bench' ELSE 'bench@example.test' END,
           CASE channel WHEN 'wechat' THEN %(card)s::jsonb ELSE %(mail)s::jsonb END, 'bench', now(), now()
      FROM (SELECT gen_random_uuid() AS event, CASE n %% 3 WHEN 0 THEN 'email' ELSE 'wechat' END AS channel
              FROM generate_series(1, %(count)s) AS n) AS wanted"""
LEFT = """
    SELECT count(*) FILTER (WHERE state NOT IN ('accepted', 'dead')), count(*) FILTER (WHERE state = 'accepted')
      FROM deliveries WHERE recipient = 'bench'"""
DUPLICATES = """
    SELECT count(*) - count(DISTINCT delivery) FROM attempts WHERE outcome = 'accepted'"""


def bare_rate(described: dict, environment: dict) -> float:
    """Messages per second that one loop hands over, in the same mixture, over kept connections."""
    wechat = urlsplit(described["wechat"])
    connection = http.client.HTTPConnection(wechat.hostname, wechat.port)
    smtp = smtplib.SMTP(environment["SMTP_HOST"], int(environment["SMTP_PORT"]))
    asked = {
        "grant_type": "client_credential",
        "appid": environment["WECHAT_APP_ID"],
        "secret": environment["WECHAT_APP_SECRET"],
    }
    token = posted(connection, "/cgi-bin/stable_token", asked)["access_token"]
    began = time.perf_counter()
    for number in range(BARE):
        if number % 3:
            body = {"touser": "demo-bench", "template_id": "tmpl-approved", "client_msg_id": uuid.uuid4().hex}
            posted(connection, f"/cgi-bin/message/template/send?access_token={token}", body | {"data": CARD["data"]})
        else:
            smtp.send_message(mail())
    rate = BARE / (time.perf_counter() - began)
    smtp.quit()
    return rate


def posted(connection: http.client.HTTPConnection, path: str, body: dict) -> dict:
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    return json.loads(connection.getresponse().read())


def mail() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = MAIL["from"], "bench@example.test", MAIL["subject"]
    made["Message-ID"] = f"<{uuid.uuid4()}@example.test>"
    made.set_content(MAIL["text"])
    made.add_alternative(MAIL["html"], subtype="html")
    return made


def work_off(described: dict, environment: dict, count: int) -> tuple[float, int]:
    """Deliveries per second from the moment the queue is full, and how many went out twice. Raises TimeoutError."""
    for standin in ("mailbox", "wechat"):
        urllib.request.urlopen(urllib.request.Request(f"{described[standin]}/api/messages", method="DELETE"))
    database = psycopg2.connect(environment["DATABASE_URL"].rsplit("/", 1)[0] + "/notify")
    database.autocommit = True
    with database.cursor() as cursor:
        cursor.execute("DELETE FROM deliveries WHERE recipient = 'bench'")
        cursor.execute(FILL, {"card": json.dumps(CARD), "mail": json.dumps(MAIL), "count": count})
        began = time.perf_counter()
        while True:
            cursor.execute(LEFT)
            left, accepted = cursor.fetchone()
            took = time.perf_counter() - began
            if not left:
                break
            if took > LONGEST_SECONDS:
                raise TimeoutError(f"{left} deliveries are left")
            time.sleep(0.1)
        cursor.execute(DUPLICATES)
        duplicates = cursor.fetchone()[0] + (count - accepted)
    database.close()
    return count / took, duplicates


@contextmanager
def more_senders(environment: dict, count: int) -> Iterator[list[int]]:
    """So many senders besides the stack's own; their process ids."""
    started = []
    for _ in range(count):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "services.contracts.messaging.run", "services.notify.service:SenderService"]
        started.append(
            subprocess.Popen(
                [*command, "--config", "services/notify/sender.yml"],
                env=os.environ | environment | {"SENDER_HTTP_ADDRESS": f"127.0.0.1:{port}"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        wait_for(port)
    try:
        yield [process.pid for process in started]
    finally:
        for process in started:
            process.terminate()
            process.wait(20)


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1)
            return
        except OSError:
            time.sleep(0.1)
