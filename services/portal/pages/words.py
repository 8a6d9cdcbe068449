"""The words of the field in the reader's language: states, kinds, steps, channels, roles.

Rules and errors become sentences in services/portal/sentences.py.
"""

from flask_babel import lazy_gettext

from services.portal.pages.local_time import is_chinese

STATES = {
    "requested": lazy_gettext("Requested"),
    "approved": lazy_gettext("Approved"),
    "rejected": lazy_gettext("Rejected"),
    "withdrawn": lazy_gettext("Withdrawn"),
    "expired": lazy_gettext("Expired"),
    "cancelled": lazy_gettext("Cancelled"),
    "in_use": lazy_gettext("In use"),
    "finished": lazy_gettext("Finished"),
    "no_show": lazy_gettext("No-show"),
    "competing": lazy_gettext("Competing"),
    "offered": lazy_gettext("Offered to you"),
    "declined": lazy_gettext("Declined"),
    "taken": lazy_gettext("Taken"),
    "outage": lazy_gettext("Out of order"),
    "maintenance": lazy_gettext("Maintenance"),
    "closure": lazy_gettext("Base closed"),
}
KINDS = {
    "line": lazy_gettext("Pilot lines"),
    "lab": lazy_gettext("Test labs"),
    "platform": lazy_gettext("Specialist platforms"),
}
KIND_NAMES = {
    "line": lazy_gettext("Pilot line"),
    "lab": lazy_gettext("Test lab"),
    "platform": lazy_gettext("Specialist platform"),
}
STEPS = {
    "request": lazy_gettext("Request sent"),
    "approve": lazy_gettext("Approved"),
    "reject": lazy_gettext("Rejected"),
    "withdraw": lazy_gettext("Withdrawn"),
    "cancel": lazy_gettext("Cancelled"),
    "move": lazy_gettext("Moved"),
    "expire": lazy_gettext("Expired"),
    "describe": lazy_gettext("Described anew"),
    "attach": lazy_gettext("File attached"),
    "detach": lazy_gettext("File taken away"),
    "escalate": lazy_gettext("Passed on to base management"),
    "check_in": lazy_gettext("Checked in"),
    "extend": lazy_gettext("Extended"),
    "overrun": lazy_gettext("Running over"),
    "check_out": lazy_gettext("Checked out"),
    "mark_no_show": lazy_gettext("Nobody came"),
    "compete": lazy_gettext("Asked beside others"),
    "allocate": lazy_gettext("Allocated"),
    "pass_over": lazy_gettext("Not allocated"),
    "offer": lazy_gettext("Offered from the wait list"),
    "accept": lazy_gettext("Accepted"),
    "decline": lazy_gettext("Declined"),
    "swap": lazy_gettext("Swapped"),
    "replan": lazy_gettext("Re-planned"),
    "confirm": lazy_gettext("New time confirmed"),
}
WHYS = {
    "earlier": lazy_gettext("earlier"),
    "later": lazy_gettext("later"),
    "nearest": lazy_gettext("the earliest"),
    "other_unit": lazy_gettext("another unit"),
    "shorter": lazy_gettext("shorter, as long as it is free"),
    "split": lazy_gettext("in pieces"),
    "equivalent_facility": lazy_gettext("equal facility"),
    "similar_run": lazy_gettext("right after a similar run"),
    "shared_run": lazy_gettext("shares with a compatible run"),
}
OVER = {
    "offered": lazy_gettext("Offered to you"),
    "served": lazy_gettext("You accepted"),
    "left": lazy_gettext("You left the list"),
    "lapsed": lazy_gettext("Nothing came of it"),
}
"""How waiting ended."""
CHANNELS = {
    "email": lazy_gettext("E-mail"),
    "wechat": lazy_gettext("WeChat"),
    "wecom": lazy_gettext("WeCom"),
    "robot": lazy_gettext("Group robot"),
    "webhook": lazy_gettext("Webhook"),
}
DELIVERY_STATES = {
    "pending": lazy_gettext("Waiting to be sent"),
    "sending": lazy_gettext("Being sent"),
    "retry": lazy_gettext("Trying again"),
    "unknown": lazy_gettext("Perhaps sent"),
    "accepted": lazy_gettext("Accepted"),
    "dead": lazy_gettext("Could not be delivered"),
    "held": lazy_gettext("Waits for the digest"),
    "skipped": lazy_gettext("Not sent"),
}
FACTS = {
    "ReservationRequested": lazy_gettext("Reservation requested"),
    "ReservationApproved": lazy_gettext("Reservation approved"),
    "ReservationRejected": lazy_gettext("Reservation rejected"),
    "ReservationWithdrawn": lazy_gettext("Reservation withdrawn"),
    "ReservationCancelled": lazy_gettext("Reservation cancelled"),
    "ReservationMoved": lazy_gettext("Reservation moved"),
    "ReservationSwapped": lazy_gettext("Reservation swapped"),
    "HolderAsked": lazy_gettext("Asked to swap or give way"),
    "AskAnswered": lazy_gettext("Answer to a question"),
    "ReservationDescribed": lazy_gettext("Project or answers changed"),
    "ReservationExtended": lazy_gettext("Reservation extended"),
    "ReservationOverran": lazy_gettext("Running over its end"),
    "FaultChanged": lazy_gettext("Fault report"),
    "ReservationExpired": lazy_gettext("Reservation expired"),
    "ReservationStarted": lazy_gettext("Checked in"),
    "ReservationFinished": lazy_gettext("Finished"),
    "ReservationNoShow": lazy_gettext("Nobody came"),
    "Reminder": lazy_gettext("Reminder"),
    "ReservationForwarded": lazy_gettext("Request waits at the next stage"),
    "ReservationEscalated": lazy_gettext("Request escalated"),
    "ReservationCollected": lazy_gettext("Request collected"),
    "ReservationAllocated": lazy_gettext("Time allocated"),
    "ReservationPassedOver": lazy_gettext("Time not allocated"),
    "ReservationOffered": lazy_gettext("Offered from the wait list"),
    "ReservationDeclined": lazy_gettext("Offer declined"),
    "ReservationOfferExpired": lazy_gettext("Offer not answered"),
    "ReservationOfferTakenBack": lazy_gettext("Offer taken back"),
    "WaitEntryLapsed": lazy_gettext("Wait list: nothing came free"),
    "ReservationReplanned": lazy_gettext("Re-planned"),
    "ReservationConfirmed": lazy_gettext("New time confirmed"),
    "ReplanAccepted": lazy_gettext("Re-plan carried out"),
    "ReservationsHit": lazy_gettext("Outage or maintenance"),
}
GROUPS = {"@base": lazy_gettext("Group of those on duty")}
STAGES = {
    "lead": lazy_gettext("Team lead"),
    "manager": lazy_gettext("Facility manager"),
    "base": lazy_gettext("Base management"),
}
STAGE_STATES = {
    "skipped": lazy_gettext("not needed, a lead asked"),
    "done": lazy_gettext("agreed"),
    "unanswered": lazy_gettext("did not answer in time"),
    "waiting": lazy_gettext("decides now"),
    "ahead": lazy_gettext("comes next"),
    "ended": lazy_gettext("over"),
}
ROLES = {
    "member": lazy_gettext("Member"),
    "lead": lazy_gettext("Team lead"),
    "facility_manager": lazy_gettext("Facility manager"),
    "base_manager": lazy_gettext("Base manager"),
    "admin": lazy_gettext("Administrator"),
}
SCOPES = {
    "read": lazy_gettext("Read"),
    "reserve": lazy_gettext("Reserve"),
    "manage": lazy_gettext("Manage"),
}


def name_in_language(names: dict[str, str] | None, fallback: str = "") -> str:
    """The name in the page's language, else in the other one."""
    names = names or {}
    wanted, other = ("zh-Hans", "en") if is_chinese() else ("en", "zh-Hans")
    return names.get(wanted) or names.get(other) or fallback

STAGE_NAMES = {
    "concept": lazy_gettext("Proof of concept"),
    "prototype": lazy_gettext("Prototype"),
    "pilot": lazy_gettext("Pilot run"),
    "small_batch": lazy_gettext("Small batch"),
    "production": lazy_gettext("Production"),
}
PRIORITY_NAMES = {
    "normal": lazy_gettext("Normal"),
    "key": lazy_gettext("Key project"),
    "urgent": lazy_gettext("Urgent work"),
}
