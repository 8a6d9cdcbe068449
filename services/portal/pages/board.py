"""The schedule board: day, week and month, the list for phones, and the one row that changed."""

from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext

from services.contracts.errors import NotFound
from services.portal.pages import backend, blueprint, local_time
from services.portal.pages.board_rows import position, row_of, window_of
from services.portal.pages.timeline import Place, Window
from services.portal.pages.words import KINDS

THIS = {
    "day": lazy_gettext("Today"),
    "list": lazy_gettext("Today"),
    "week": lazy_gettext("This week"),
    "month": lazy_gettext("This month"),
}
VIEWS = ("day", "week", "month", "list")


def chosen_day(text: str | None) -> date:
    """The day that an address names; today when it names none."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return local_time.today()
    return day if 2000 < day.year < 2100 else local_time.today()


class Choice:
    """What the reader wants to see, as the address says it."""

    def __init__(self) -> None:
        view = request.args.get("view", "week")
        self.view = view if view in VIEWS else "week"
        self.day = chosen_day(request.args.get("on"))
        self.kind = request.args.get("kind") if request.args.get("kind") in KINDS else None
        self.all_hours = request.args.get("hours") == "24"
        self.window = window_of("week" if self.view == "list" else self.view, self.day, self.all_hours)
        self.list_window = Window(self.day, 1, 8, 22, 15)

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """The address arguments of this board with some of them changed."""
        present = {
            "view": self.view,
            "on": self.day.isoformat(),
            "kind": self.kind,
            "hours": "24" if self.all_hours else None,
        }
        return {name: value for name, value in (present | changes).items() if value is not None}

    @property
    def first(self) -> date:
        return self.day if self.view == "list" else self.window.first_day

    @property
    def last(self) -> date:
        return self.day if self.view == "list" else self.window.dates[-1]

    @property
    def former(self) -> date:
        """A day of the stretch before this one."""
        return self.first - timedelta(days=7 if self.view == "week" else 1)

    @property
    def following(self) -> date:
        return self.last + timedelta(days=1)


def rows(choice: Choice, window: Window, facility: str | None = None) -> list[dict[str, Any]]:
    """The facilities' rows, by kind and code."""
    answer = backend.board(window, facility)
    order = list(KINDS)
    wanted = [item for item in answer["facilities"] if choice.kind in (None, item["kind"])]
    by_facility: dict[str, list] = {item["code"]: [] for item in wanted}
    for item in answer["items"]:
        by_facility.get(item["facility"], []).append(item)
    now, asks = local_time.now(), backend.may_reserve()
    sorted_facilities = sorted(wanted, key=lambda item: (order.index(item["kind"]), item["code"]))
    return [
        row_of(item, by_facility[item["code"]], window, now, asks)
        | {"items": by_facility[item["code"]], "source": item}
        for item in sorted_facilities
    ]


def grouped(lines: list[dict[str, Any]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    return [(KINDS[kind], found) for kind in KINDS if (found := [row for row in lines if row["kind"] == kind])]


def now_position(window: Window) -> str | None:
    """The classes of the now-line; none when the present is not shown."""
    now = local_time.now()
    if not window.starts_at <= now < window.ends_at:
        return None
    return position(Place(window.column(now), 0, False, False, False))


def touching(items: list[dict[str, Any]], window: Window) -> list[dict[str, Any]]:
    """Those that a window shows something of."""
    instant = local_time.instant
    return [
        item for item in items
        if instant(item["starts_at"]) < window.ends_at and window.starts_at < instant(item["ends_at"])
    ]


def list_rows(choice: Choice, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same facilities for the one chosen day, as the phone shows them."""
    now, window = local_time.now(), choice.list_window
    found = []
    for line in lines:
        row = row_of(line["source"], touching(line["items"], window), window, now, backend.may_reserve())
        row["cell"] = row["cells"][0]
        row["next"] = next(iter(row["free"]), None)
        found.append(row)
    return found


@blueprint.get("/board")
def board() -> str:
    choice = Choice()
    lines = rows(choice, choice.window)
    return render_template(
        "board/page.html",
        choice=choice,
        window=choice.window,
        groups=grouped(lines),
        list_groups=grouped(list_rows(choice, lines)),
        now_position=now_position(choice.window),
        today=local_time.today(),
        this_words=THIS[choice.view],
        title=local_time.range_words(choice.first, choice.last),
        kinds=KINDS,
    )


@blueprint.get("/board/rows/<facility>")
def board_row(facility: str) -> str:
    """The one row that a live change named, with the reader's own rights."""
    choice = Choice()
    lines = rows(choice, choice.window, facility)
    if not lines:
        raise NotFound
    return render_template(
        "board/changed_row.html",
        choice=choice,
        window=choice.window,
        row=lines[0],
        list_row=list_rows(choice, lines)[0],
        now_position=now_position(choice.window),
        today=local_time.today(),
    )
