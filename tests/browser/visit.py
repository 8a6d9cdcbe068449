"""A person at a browser: signs in, looks, and notes everything that goes wrong on the way."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Answers that a form gives on purpose; the browser writes them into the console all the same.
EXPECTED = re.compile(r"status of (401|403|404|409|422|429)\b")


class Visit:
    """A browser context with one page in it; ``faults`` are console errors, exceptions and sideways overflow."""

    def __init__(
        self,
        browser: Browser,
        portal: str,
        width: int = 1440,
        height: int = 900,
        language: str = "zh-Hans",
        theme: str = "light",
        script: bool = True,
        check_policy: bool = True,
    ):
        self.portal = portal
        self.faults: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=width < 760,
            is_mobile=width < 760,
            java_script_enabled=script,
            bypass_csp=not check_policy,
            base_url=portal,
            reduced_motion="reduce",
        )
        self.choose(language=language, theme=theme)
        self.page = self.context.new_page()
        self.page.on("console", self.heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))

    def choose(self, **cookies: str) -> None:
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.portal} for name, value in cookies.items()]
        )

    def heard(self, message: Any) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.faults.append(f"console: {message.text}")

    def enter(self, person: str, password: str, sessions: dict[str, list]) -> None:
        """Sign in by the form the first time, by the same session later."""
        if person not in sessions:
            self.page.goto("/sign-in")
            self.page.fill("#name", person)
            self.page.fill("#password", password)
            self.page.click("main .primary")
            self.page.wait_for_url(lambda address: "sign-in" not in address)
            sessions[person] = [cookie for cookie in self.context.cookies() if "session" in cookie["name"]]
        self.context.add_cookies(sessions[person])

    def open(self, address: str) -> Page:
        self.page.goto(address)
        self.check_width()
        return self.page

    def check_width(self) -> None:
        over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            self.faults.append(f"{self.page.url} is {over} pixels wider than the window")

    def board_of(self, moment: datetime) -> Page:
        """The week's board on which a moment is shown."""
        return self.open(f"/board?on={moment.astimezone(SHANGHAI).date()}")

    def point(self, facility: str, moment: datetime) -> tuple[float, float]:
        """Where a moment stands on the week's board, a little inside of its row."""
        self.page.locator(f"#row-{facility}").scroll_into_view_if_needed()
        box = self.page.locator(f"#row-{facility} .track").bounding_box()
        local = moment.astimezone(SHANGHAI)
        hours = local.weekday() * 14 + min(max(local.hour + local.minute / 60 - 8, 0), 14)
        return box["x"] + box["width"] * hours / (7 * 14), box["y"] + box["height"] / 2

    def drag(self, facility: str, starts_at: datetime, ends_at: datetime) -> None:
        """Drag from the first to the last quarter of an hour of a stretch."""
        inside = timedelta(minutes=4)
        self.page.mouse.move(*self.point(facility, starts_at + inside))
        self.page.mouse.down()
        self.page.mouse.move(*self.point(facility, ends_at - inside), steps=6)
        self.page.mouse.up()
        self.page.wait_for_selector("#drawer [data-reservation-form]")


def clock(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%H:%M}"


def local(moment: datetime) -> str:
    """A moment as addresses carry it."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
