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

__all__ = [
    "AccountsCommand",
    "Address",
    "Answer",
    "ApproveReservation",
    "BindChannel",
    "BookingCommand",
    "BoundChannel",
    "CancelReservation",
    "ChooseLanguage",
    "ChooseNotifications",
    "Command",
    "ConfirmAddress",
    "ConfirmBinding",
    "CreateToken",
    "DropBinding",
    "FacilitiesCommand",
    "MoveReservation",
    "NotifyCommand",
    "ProveBinding",
    "RejectReservation",
    "RequestReservation",
    "ReservationCommand",
    "RevokeToken",
    "SaveCompany",
    "SaveFacility",
    "SavePerson",
    "SaveProject",
    "SaveTeam",
    "SetLeave",
    "SetMembership",
    "StartBinding",
    "TakeWechatEvent",
    "WithdrawReservation",
]
