"""deploy/env.example names every setting, and nothing else."""

import re

import pytest

from deploy.local.environment import everything
from deploy.local.settings import ROOT, Settings

IN_CONFIG = re.compile(r"\$\{([A-Z][A-Z0-9_]*)")
IN_PYTHON = re.compile(r"""environ(?:ment)?(?:\.get\(|\.setdefault\(|\[)["']([A-Z][A-Z0-9_]+)["']""")
# The shell's and libraries' own names, which no operator of this system sets.
NOT_OURS = {"PATH", "EVENTLET_NO_GREENDNS"}
FAMILIES = {"WECHAT_TEMPLATE_"}


def listed():
    text = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    return re.findall(r"^([A-Z][A-Z0-9_]*)=", text, re.MULTILINE)


def used():
    found = {}
    places = [(IN_CONFIG, "services/**/*.yml"), (IN_PYTHON, "services/**/*.py"), (IN_PYTHON, "deploy/**/*.py")]
    for pattern, files in places:
        for path in ROOT.glob(files):
            for name in pattern.findall(path.read_text(encoding="utf-8")):
                found.setdefault(name, path.relative_to(ROOT))
    return {name: path for name, path in found.items() if name not in NOT_OURS | FAMILIES}


def test_every_setting_that_the_code_reads_is_listed():
    assert {name: str(path) for name, path in used().items() if name not in listed()} == {}


def test_no_setting_is_listed_twice():
    assert sorted(set(listed())) == sorted(listed())


def test_every_setting_that_the_local_stack_gives_is_listed():
    assert told().keys() - set(listed()) == {"PYTHONUNBUFFERED", "PILOT_BASE_STACK"}


def test_what_is_given_by_hand_wins():
    assert told(SMTP_HOST="relay.example")["SMTP_HOST"] == "relay.example"


@pytest.mark.parametrize("name", ["DATABASE_URL", "AMQP_URL"])
def test_administrators_addresses_are_nobodys_business(name):
    assert name not in told(**{name: "postgresql://somebody@somewhere/"})


def told(**given):
    class Servers:
        database_url = "postgresql://postgres:p@127.0.0.1:5000/postgres"
        amqp_url = "amqp://admin:p@127.0.0.1:5001//"
        redis_url = "redis://127.0.0.1:5002/0"

    class Passwords(dict):
        def __missing__(self, name):
            return f"password of {name}"

    return everything(Settings.from_environment({}), Servers(), Passwords(), 8000, given)
