"""The compose file agrees with the local stack and keeps no secrets."""

import re

import pytest
import yaml

from deploy.local.processes import PROCESSES, SERVICE_RUNNER
from deploy.local.settings import ROOT

TEXT = (ROOT / "deploy" / "compose.yml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(TEXT)["services"]
STAND_INS = {"mailbox", "wechat"}
RUN_BY_NAMEKO = {process.name: process for process in PROCESSES if process.command[0] == SERVICE_RUNNER}


def test_every_process_of_the_local_stack_but_the_stand_ins_has_a_container():
    assert {process.name for process in PROCESSES} - STAND_INS <= SERVICES.keys()


@pytest.mark.parametrize("name", RUN_BY_NAMEKO)
def test_a_service_is_started_as_on_the_local_stack(name):
    assert SERVICES[name]["command"] == ["python", "-m", *RUN_BY_NAMEKO[name].command]


def test_secrets_come_from_the_environment_and_have_no_default():
    secret = re.compile(r"\$\{([A-Z_]*(?:PASSWORD|SECRET|SECRET_KEY))(:[^}]*)?\}")
    # A server may take mail without a sign-in, and a base may have no WeCom.
    optional = {"SMTP_PASSWORD", "WECOM_SECRET"}
    found = {(name, rest) for name, rest in secret.findall(TEXT) if name not in optional}
    assert {rest for _name, rest in found} == {":?"}
    assert not re.search(r"(PASSWORD|SECRET\w*): +[\"']?[^\"'\s$]", TEXT)


def test_every_setting_it_reads_is_listed():
    listed = re.findall(r"^([A-Z_]+)=", (ROOT / "deploy" / "env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"\$\{([A-Z_]+)", TEXT)) - set(listed) == set()


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"broker-users", "provision"}))
def test_what_keeps_running_is_watched(name):
    assert "healthcheck" in SERVICES[name]


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"database", "broker", "cache"}))
def test_our_containers_change_nothing_on_their_disk(name):
    assert SERVICES[name]["read_only"] is True
