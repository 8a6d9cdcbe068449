"""Re-plans: where those go who cannot stay, decided as a whole.

The re-plan's row is locked first, then the reservations by their ids, what quotas bind, and the units by theirs.
"""

from services.booking.handlers.replan.accepting import accept_replan
from services.booking.handlers.replan.answering import confirm_replanned
from services.booking.handlers.replan.computing import plan_anyhow
from services.booking.handlers.replan.revising import discard_replan, revise_replan
from services.booking.handlers.replan.starting import start_replan

__all__ = [
    "accept_replan", "confirm_replanned", "discard_replan", "plan_anyhow", "revise_replan", "start_replan",
]
