"""What may be asked of facilities: one statement each, plain dictionaries out.

Everybody may see what the base has; notes about interruptions are for those who manage the facility.
"""

from services.facilities.queries.catalogue import catalogue, compare_catalogue
from services.facilities.queries.changes import changes
from services.facilities.queries.facilities import facilities, facility
from services.facilities.queries.interruptions import interruption, interruptions, preview_interruption
from services.facilities.queries.qualifications import holders, qualifications, trainings
from services.facilities.queries.quotas import quotas
from services.facilities.queries.sites import calendar_import, site, sites

__all__ = [
    "calendar_import",
    "catalogue",
    "changes",
    "compare_catalogue",
    "facilities",
    "facility",
    "holders",
    "interruption",
    "interruptions",
    "preview_interruption",
    "qualifications",
    "quotas",
    "site",
    "sites",
    "trainings",
]
