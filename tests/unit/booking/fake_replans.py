"""Re-plans without a database; a part of the fakes."""

from dataclasses import replace

from services.booking.domain.replan.replan import ReplanState
from tests.unit.booking.fake_copies import FakeCopies


class FakeReplans:
    def __init__(self, base):
        self.base = base

    def add(self, replan):
        assert replan.id not in self.base.replans
        self.base.replans[replan.id] = (replan, None)

    def change(self, replan):
        self.base.replans[replan.id] = (replan, None)

    def all(self):
        return sorted((replan for replan, _ in self.base.replans.values()), key=lambda each: (each.created_at, each.id))

    def locked(self, replan, actor):
        found = self.base.replans.get(replan)
        return (found[0], FakeCopies(self.base).person(actor)) if found else (None, None)

    def open_for(self, key):
        return sorted((each for each in self.all() if each.key == key and each.is_open), key=lambda each: each.id)

    def computing(self):
        return [each for each in self.all() if each.state is ReplanState.COMPUTING]

    def unplanned(self, since, limit):
        return [each for each in self.computing() if not each.is_planned and each.created_at <= since][:limit]

    def take(self, now, until):
        for each in self.computing():
            taken = self.base.replans[each.id][1]
            if each.is_planned and (taken is None or taken <= now):
                self.base.replans[each.id] = (each, until)
                return each
        return None

    def tell_progress(self, replan, progress, until):
        present = self.base.replans[replan.id][0]
        if (present.version, present.state) != (replan.version, ReplanState.COMPUTING):
            return False
        self.base.replans[replan.id] = (replace(present, progress=progress), until)
        return True

    def forgotten(self, since, limit):
        return [
            each for each in self.computing()
            if each.is_planned and (self.base.replans[each.id][1] or each.created_at) <= since
        ][:limit]

    def reservations(self, ids, *, locking=False):
        return [self.base.reservations[each] for each in sorted(ids) if each in self.base.reservations]

    def standing(self, facilities, window):
        found = [
            each for each in self.base.reservations.values()
            if each.facility in facilities and each.is_held and each.span.overlaps(window)
        ]
        return sorted(found, key=lambda each: (each.span.starts_at, each.id))

    def of_campaigns(self, campaigns):
        found = [each for each in self.base.reservations.values() if each.campaign and each.campaign in campaigns]
        return sorted(found, key=lambda each: (each.campaign, each.campaign_step))

    def lock_subjects(self, keys):
        """Nobody else is here."""

    def displace(self, displacement, now):
        kept = self.base.displacements
        for key, each in kept.items():
            if each.reservation == displacement.reservation and each.answer == "none":
                kept[key] = answered(each, "overtaken", now)
        kept[displacement.reservation, displacement.replan] = displacement

    def unanswered(self, reservation, now):
        found = [each for each in self.base.displacements.values() if is_open(each, reservation, now)]
        return found[0] if found else None

    def answer(self, reservation, answer, now):
        found = [key for key, each in self.base.displacements.items() if is_open(each, reservation, now)]
        for key in found:
            self.base.displacements[key] = answered(self.base.displacements[key], answer, now)
        return bool(found)


def is_open(displacement, reservation, now):
    return displacement.reservation == reservation and displacement.answer == "none" and displacement.answer_by > now


def answered(displacement, answer, now):
    return replace(displacement, answer=answer, answered_at=now)
