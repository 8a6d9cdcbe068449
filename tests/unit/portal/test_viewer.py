"""What an open board is told."""

import asyncio

from services.contracts.events import InterruptionChanged, ReservationsHit, SiteChanged
from services.portal.live.service import facilities_of
from services.portal.live.viewer import Viewer
from services.portal.session_record import new_id
from tests.unit.portal.facts import a_move, an_approval


def texts(*steps):
    """What the viewer sends after each group of steps."""

    async def run():
        viewer, sent = Viewer(new_id()), []
        for group in steps:
            for step in group:
                step(viewer)
            sent.append(await viewer.text())
        return sent

    return asyncio.run(run())


def told(facility):
    return lambda viewer: viewer.tell(facility)


def test_each_change_is_one_message():
    sent = texts([told("LAB-1")], [told("LAB-2")])
    assert sent == ['data: {"facility":"LAB-1"}\n\n', 'data: {"facility":"LAB-2"}\n\n']


def test_a_burst_to_one_row_is_one_message():
    assert texts([told("LAB-1")] * 500) == ['data: {"facility":"LAB-1"}\n\n']


def test_without_news_there_is_a_comment():
    assert texts([lambda viewer: viewer.woken.set()]) == [": beat\n\n"]


def test_an_approval_changes_one_row_and_a_move_two():
    assert facilities_of(an_approval(facility="LAB-1")) == {"LAB-1"}
    assert facilities_of(a_move(facility="LAB-1", former_facility="LAB-2")) == {"LAB-1", "LAB-2"}


def test_what_concerns_a_whole_base_changes_every_row():
    hit = {"version": 1, "hit": "i", "kind": "closure", "unit": None, "reason": {}, "actor": "ada", "spans": [],
           "hits": []}
    assert facilities_of(ReservationsHit(facility=None, **hit)) == {"*"}
    assert facilities_of(ReservationsHit(facility="LAB-1", **hit)) == {"LAB-1"}
    assert facilities_of(SiteChanged(version=1, site="BASE", names={}, days=[], known_years=[])) == {"*"}


def test_an_interruption_shows_when_booking_has_taken_it():
    assert facilities_of(InterruptionChanged(
        version=1, interruption="i", kind="outage", site="BASE", facility="LAB-1", unit=None, spans=[], reason={},
        actor="mia")) == set()
