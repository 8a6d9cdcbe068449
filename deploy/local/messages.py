"""What `make run` prints: a line per thing that happens, and where to go when all is up."""

import os
import sys
from datetime import datetime

from deploy.local.settings import Settings

GREEN, YELLOW, RED, GREY, BOLD, PLAIN = "\033[32m", "\033[33m", "\033[31m", "\033[90m", "\033[1m", "\033[0m"

COLOURS = {"started": GREEN, "ready": GREEN, "restarted": YELLOW, "ended": RED, "killed": RED}


def coloured() -> bool:
    """https://no-color.org: on a terminal, unless the person does not want it."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def paint(colour: str, text: str) -> str:
    return f"{colour}{text}{PLAIN}" if coloured() else text


def say(name: str, what: str, more: str = "") -> None:
    clock = paint(GREY, f"{datetime.now().astimezone():%H:%M:%S}")
    print(clock, f"{name:<12}", paint(COLOURS.get(what, GREY), what), paint(GREY, more), flush=True)


def fail(text: str) -> None:
    print(paint(RED, text) if coloured() else text, file=sys.stderr, flush=True)


def welcome(settings: Settings, description: dict) -> str:
    """Where to go, and as whom."""
    title = paint(BOLD, f"The base is open: {description['portal']}")
    return f"""
{title}

  mailbox    {description["mailbox"]}   every e-mail that is sent
  WeChat     {description["wechat"]}   every WeChat message
  API        {description["portal"]}/api/docs

  sign in as lead01 … lead50, member01 … member50, manager-lines, manager-labs,
             manager-platforms, base-manager, admin
  password   {settings.demo_password.read_text().strip()}   (kept in {settings.demo_password})
  logs       {settings.logs}
"""
