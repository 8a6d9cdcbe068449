"""What has happened, as the services tell each other: past tense, frozen, keyword-only.

A fact carries what its readers need, so that nobody has to call back. Two families:

- a **snapshot** holds the whole of a thing; a reader keeps the newest and drops older ones;
- a **change** is one step in the life of a thing; a reader takes the steps of one thing in
  the order of their versions, and waits when one is missing.
"""

from services.contracts.events.accounts import PersonChanged, TeamChanged
from services.contracts.events.campaigns import (
    CampaignCancelled,
    CampaignDecided,
    CampaignEvent,
    CampaignMoved,
    CampaignRequested,
)
from services.contracts.events.contention import ReservationAllocated, ReservationCollected, ReservationPassedOver
from services.contracts.events.effects import BookingSnapshot, FaultChanged, QuotaNearlyUsed, ReservationsHit
from services.contracts.events.event import Event
from services.contracts.events.facilities import (
    FacilitiesSnapshot,
    FacilityChanged,
    HolderChanged,
    InterruptionChanged,
    QualificationChanged,
    QualificationExpiring,
    QuotaChanged,
    SiteChanged,
    TrainingChanged,
)
from services.contracts.events.replans import ReplanAccepted, ReservationConfirmed, ReservationReplanned
from services.contracts.events.reservations import (
    ReservationApproved,
    ReservationCancelled,
    ReservationDescribed,
    ReservationEscalated,
    ReservationEvent,
    ReservationExpired,
    ReservationExtended,
    ReservationFinished,
    ReservationForwarded,
    ReservationMoved,
    ReservationNoShow,
    ReservationOverran,
    ReservationRejected,
    ReservationRequested,
    ReservationStarted,
    ReservationSwapped,
    ReservationWithdrawn,
)
from services.contracts.events.series import SeriesCancelled, SeriesDecided, SeriesEvent, SeriesMoved, SeriesRequested
from services.contracts.events.swaps import AskAnswered, AskEvent, HolderAsked
from services.contracts.events.waiting import (
    ReservationDeclined,
    ReservationOffered,
    ReservationOfferExpired,
    ReservationOfferTakenBack,
    WaitEntryLapsed,
)

__all__ = [
    "AskAnswered",
    "AskEvent",
    "BookingSnapshot",
    "CampaignCancelled",
    "CampaignDecided",
    "CampaignEvent",
    "CampaignMoved",
    "CampaignRequested",
    "Event",
    "FacilitiesSnapshot",
    "FacilityChanged",
    "FaultChanged",
    "HolderAsked",
    "HolderChanged",
    "InterruptionChanged",
    "PersonChanged",
    "QualificationChanged",
    "QualificationExpiring",
    "QuotaChanged",
    "QuotaNearlyUsed",
    "ReplanAccepted",
    "ReservationAllocated",
    "ReservationApproved",
    "ReservationCancelled",
    "ReservationCollected",
    "ReservationConfirmed",
    "ReservationDeclined",
    "ReservationDescribed",
    "ReservationEscalated",
    "ReservationEvent",
    "ReservationExpired",
    "ReservationExtended",
    "ReservationFinished",
    "ReservationForwarded",
    "ReservationMoved",
    "ReservationNoShow",
    "ReservationOfferExpired",
    "ReservationOfferTakenBack",
    "ReservationOffered",
    "ReservationOverran",
    "ReservationPassedOver",
    "ReservationRejected",
    "ReservationReplanned",
    "ReservationRequested",
    "ReservationStarted",
    "ReservationSwapped",
    "ReservationWithdrawn",
    "ReservationsHit",
    "SeriesCancelled",
    "SeriesDecided",
    "SeriesEvent",
    "SeriesMoved",
    "SeriesRequested",
    "SiteChanged",
    "TeamChanged",
    "TrainingChanged",
    "WaitEntryLapsed",
]
