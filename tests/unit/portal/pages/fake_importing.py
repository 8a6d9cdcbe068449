"""Imports of reservations in memory, for the pages: LAB-4 is taken, everything else can be had."""

from services.contracts.errors import RowsRefused
from tests.unit.portal.import_examples import MADE, TAKEN, a_row

NAMES = ("check_import", "import_reservations")


class FakeImporting:
    """Mixed into the fake base. ``taken_over`` are the rows that were imported."""

    taken_over: list

    def check_import(self, actor, reservations):
        return {"items": [self.judged(*each) for each in enumerate(reservations)]}

    def judged(self, number, row):
        if row["facility"] == "LAB-4":
            return a_row(number, taken=True, alternatives=[TAKEN], violations=[
                {"rule": "too_short", "facts": {"shortest_minutes": 60}, "waivable_by": ["facility_manager"]}])
        return a_row(number)

    def import_reservations(self, **fields):
        rows = [self.judged(*each) for each in enumerate(fields["reservations"])]
        if refused := [each for each in rows if not each["ok"]]:
            raise RowsRefused(rows=refused)
        self.taken_over += fields["reservations"]
        return {"items": [MADE for _ in rows]}
