"""What may be asked of facilities: one statement each, plain dictionaries out.

Everybody may see what the base has; who asks changes nothing.
"""

from services.facilities.queries.facilities import facilities, facility
from services.facilities.queries.qualifications import holders, qualifications, trainings

__all__ = ["facilities", "facility", "holders", "qualifications", "trainings"]
