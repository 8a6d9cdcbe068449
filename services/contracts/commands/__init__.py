"""What may be asked of a service: imperative, frozen, keyword-only.

Every command carries who asks (``actor``, a person's sign-in name) and ``request_key``: the
service that receives it executes a key once per actor and answers a repeat with the first
answer. Times are aware and half-open: ``[starts_at, ends_at)``.
"""

from services.contracts.commands.accounts import (
    AccountsCommand,
    Address,
    ChooseLanguage,
    CreateToken,
    RevokeToken,
    SaveCompany,
    SavePerson,
    SaveProject,
    SaveTeam,
    SetLeave,
    SetMembership,
)
from services.contracts.commands.command import Answer, Command
from services.contracts.commands.facilities import FacilitiesCommand, SaveFacility
from services.contracts.commands.notify import (
    BindChannel,
    BoundChannel,
    ChooseNotifications,
    ConfirmAddress,
    ConfirmBinding,
    DropBinding,
    NotifyCommand,
    ProveBinding,
    StartBinding,
    TakeWechatEvent,
)
from services.contracts.commands.qualifications import (
    DecideTraining,
    GrantQualifications,
    RequestTraining,
    SaveQualification,
    WithdrawTraining,
)
from services.contracts.commands.reservations import (
    ApproveReservation,
    BookingCommand,
    CancelReservation,
    MoveReservation,
    RejectReservation,
    RequestReservation,
    ReservationCommand,
    WithdrawReservation,
)
from services.contracts.commands.series import (
    AddSeriesDates,
    ApproveSeries,
    CancelSeries,
    MoveSeries,
    RejectSeries,
    RequestSeries,
    SeriesCommand,
)

__all__ = [
    "AccountsCommand",
    "AddSeriesDates",
    "Address",
    "Answer",
    "ApproveReservation",
    "ApproveSeries",
    "BindChannel",
    "BookingCommand",
    "BoundChannel",
    "CancelReservation",
    "CancelSeries",
    "ChooseLanguage",
    "ChooseNotifications",
    "Command",
    "ConfirmAddress",
    "ConfirmBinding",
    "CreateToken",
    "DecideTraining",
    "DropBinding",
    "FacilitiesCommand",
    "GrantQualifications",
    "MoveReservation",
    "MoveSeries",
    "NotifyCommand",
    "ProveBinding",
    "RejectReservation",
    "RejectSeries",
    "RequestReservation",
    "RequestSeries",
    "RequestTraining",
    "ReservationCommand",
    "RevokeToken",
    "SaveCompany",
    "SaveFacility",
    "SavePerson",
    "SaveProject",
    "SaveQualification",
    "SaveTeam",
    "SeriesCommand",
    "SetLeave",
    "SetMembership",
    "StartBinding",
    "TakeWechatEvent",
    "WithdrawReservation",
    "WithdrawTraining",
]
