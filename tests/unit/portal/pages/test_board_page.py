"""The board as it is drawn: who sees what, where bars stand, what a live change fetches."""

import re
from datetime import timedelta

import pytest

from services.portal.pages.timeline import ZONE, at, week_of
from tests.unit.portal.pages import documents
from tests.unit.portal.pages.fake_catalogue import TEAMS


@pytest.fixture
def monday(services):
    return week_of(services.now.astimezone(ZONE).date())


@pytest.fixture
def empty(services):
    services.reservations.clear()
    services.interrupted.clear()
    return services


def add(services, facility, unit, start, end, team="team-00", state="approved"):
    identifier = f"00000000-0000-4000-8000-{len(services.reservations):012d}"
    services.reservations[identifier] = {
        "id": identifier,
        "facility": facility,
        "unit": unit,
        "starts_at": start.isoformat(),
        "ends_at": end.isoformat(),
        "state": state,
        "team": team,
        "team_name": TEAMS[int(team[-2:])],
        "project": None,
        "purpose": "老化",
        "requester": "member01",
        "requester_name": "李薇",
        "version": 1,
        "decide_by": None,
        "requested_at": start.isoformat(),
        "reason": "",
    }
    return identifier


def test_a_rivals_bar_says_taken_and_nothing_else(member, empty, monday):
    add(
        empty,
        "LAB-3",
        "LAB-3-1",
        at(monday + timedelta(days=2), 600),
        at(monday + timedelta(days=2), 900),
        team="team-03",
    )
    page = member.get("/board").text
    assert "已占用" in page
    assert TEAMS[3] not in page
    assert not documents.read(page).all("a", class_="bar")


def test_an_own_bar_is_marked_named_and_leads_to_the_reservation(member, empty, monday):
    identifier = add(
        empty, "LAB-3", "LAB-3-1", at(monday + timedelta(days=2), 600), at(monday + timedelta(days=2), 900)
    )
    bar = member.page("/board").all("a", class_="mine")[0]
    assert bar["href"] == f"/reservations/{identifier}"
    assert "海晏光电 · 已批准" in bar["title"]
    # Wednesday 10:00: 2 days of 56 quarters and 8 more are column 120 = 3 * 32 + 24; five hours are 20 columns.
    assert {"x3", "y24", "v20"} <= set(bar["class"].split())


def test_a_fourth_simultaneous_run_is_counted_not_drawn(member, empty, monday):
    day = monday + timedelta(days=3)
    for number in range(1, 5):
        add(empty, "LAB-1", f"LAB-1-{number}", at(day, 600), at(day, 900))
    page = member.page("/board")
    assert len(page.all("a", class_="mine", data_starts=f"{day}T10:00")) == 3
    assert "+1" in page.text
    assert len(member.page(f"/board?view=day&on={day}").all("a", class_="bar", data_starts=f"{day}T10:00")) == 4


def test_the_cell_offers_the_first_free_time(member, empty, monday):
    day = monday + timedelta(days=8)
    add(empty, "LAB-3", "LAB-3-1", at(day, 480), at(day, 660))
    cell = member.page(f"/board?on={day}").all("div", class_="cell", id=f"cell-LAB-3-{day.weekday()}")[0]
    assert (cell["data-first"], cell["data-first-end"]) == (f"{day}T11:30", f"{day}T13:30")


def test_a_live_change_fetches_one_row_and_its_line(member):
    answer = member.get("/board/rows/LAB-1", headers={"HX-Request": "true"})
    assert re.findall(r'id="(row-[^"]+|line-[^"]+)"', answer.text) == ["row-LAB-1", "line-LAB-1"]
    assert "<html" not in answer.text


def test_an_unknown_row_is_not_found(member):
    assert member.get("/board/rows/LAB-99").status_code == 404


@pytest.mark.parametrize("query", ["view=never", "on=2026-13-45", "on=9999-12-31", "kind=<script>", "hours=25", "on="])
def test_a_strange_address_still_gives_a_board(member, query):
    assert "<script>" not in member.get(f"/board?{query}").text.replace('<script type="module"', "")


def test_managers_without_a_team_are_offered_no_form(manager):
    board = manager.page("/board").all("div", role="grid")[0]
    assert "data-new" not in board


def test_every_bar_that_leads_somewhere_keeps_the_focus_by_its_id(member, empty, monday):
    """A live change replaces the row: only what has an id is found again in the fresh one."""
    day = monday + timedelta(days=7)
    for unit, team in (("LAB-1-1", "team-00"), ("LAB-1-2", "team-01")):
        for hour in (10, 14):
            add(empty, "LAB-1", unit, at(day, hour * 60), at(day, hour * 60 + 60), team=team)
    page = member.page(f"/board?on={day.isoformat()}")
    bars = [attributes for tag, attributes in page.tags if tag == "a" and "data-bar" in attributes]
    assert len(bars) == 4
    assert all(each.get("id") for each in bars)
    assert {each["href"].split("/")[1] for each in bars} == {"ask", "reservations"}
