"""Saving a quota: base management decides how much may be reserved; booking counts."""

from services.contracts.errors import InvalidInput
from services.facilities.domain import quotas, rights
from services.facilities.handlers.saving import require_version


def save_quota(message, uow, now):
    """Create a quota or change it. Raises NotAllowed, NotFound, StaleVersion, InvalidInput."""
    rights.require_base(uow.person(message.actor))
    known = uow.quotas.get(message.quota)
    require_version(message.version, known)
    before = known or quotas.Quota(quota=message.quota)
    after = before.revised(message)
    if wrong := quotas.wrong_with(after):
        raise InvalidInput(errors=wrong)
    if after is not before:
        uow.quotas.save(after)
        uow.record(after.fact())
    return {"quota": after.quota, "version": after.version}
