"""What those who ask may still reserve, read under locks, so that two who ask at once never use the same hours."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.booking.domain.facility import Facility
from services.booking.domain.quotas import applying, binding, entitlements, figures, is_nearly_used, period_of
from services.booking.domain.wish import Party, Wish
from services.contracts.events import QuotaNearlyUsed


def entitled(
    wish: Wish, kinds: Collection[str], uow: Any, now: datetime, moving: Collection[str] = (), *,
    first: datetime | None = None, locking: bool = True,
) -> Wish:
    """The wish of a party that knows what it has used of its quotas on facilities of ``kinds``.

    ``first`` is the first start that matters, where that is not the wish's own.

    Whoever adds to what is used comes through here, and locks the subjects that are bound until
    the end of the transaction. Where no quota binds, nothing is asked.
    """
    party = wish.party
    quotas = [quota for quota in party.quotas if any(map(quota.covers, kinds))] if party else []
    bound = binding(quotas, party.subjects) if quotas else []
    if not bound:
        return wish
    earliest = min(now, first or wish.span.starts_at)
    since = min(period_of(earliest, per).starts_at for per in ("week", "month"))
    subjects = {scope: party.subjects[scope] for scope in {quota.scope for quota, _ in bound}}
    uses = uow.quotas.uses(subjects, since, now, moving, locking=locking)
    return replace(wish, party=replace(party, entitlements=entitlements(quotas, party.subjects, uses)))


def lock_use(parties: Iterable[Party], kind: str, uow: Any) -> None:
    """Lock what several parties have used at once, so that nobody waits for one of them who holds another."""
    held = {
        (quota.scope, party.subjects[quota.scope]) for party in parties
        for quota, _ in binding([each for each in party.quotas if each.covers(kind)], party.subjects)
    }
    if held:
        uow.quotas.hold(held)


def warn_of_use(wish: Wish, facility: Facility, uow: Any) -> None:
    """Tell once in a period that most of a quota is used, now that ``wish`` was granted."""
    for each in applying(wish.party.entitlements, facility.kind) if wish.party else ():
        for told in figures(each, wish.span):
            if is_nearly_used(told) and uow.quotas.warn(each.quota.code, each.subject, told["starts_at"]):
                uow.record(QuotaNearlyUsed(
                    version=1, quota_use=f"{each.quota.code}/{each.subject}/{told['starts_at']:%Y-%m-%dT%H}",
                    quota=each.quota.code, scope=each.quota.scope, subject=each.subject, team=wish.party.team,
                    per=each.quota.per, starts_at=told["starts_at"], limit=each.quota.limit,
                    used=told["used"] + told["asked"],
                ))
