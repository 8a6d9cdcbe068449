"""The shapes of families, changeovers and sharing, which the contract leaves open."""

from services.contracts import schemas
from services.contracts.errors import InvalidInput
from services.facilities.domain.capacity import Changeover, Family, Sharing, wrong_in_capacity


def wrong_capacity(facility):
    """Everything that is wrong, by field."""
    malformed = {
        name: words
        for kind, field, entries in (
            (Family, "families", facility.families), (Changeover, "changeover", facility.changeover),
        )
        for number, entry in enumerate(entries)
        for name, words in malformed_in(kind, f"{field}.{number}", entry).items()
    }
    return malformed_in(Sharing, "sharing", facility.sharing) | (malformed or wrong_in_capacity(facility))


def malformed_in(kind, prefix, entry):
    try:
        schemas.load(kind, entry)
    except InvalidInput as refused:
        return {f"{prefix}.{name}": words for name, words in refused.facts["errors"].items()}
    return {}
