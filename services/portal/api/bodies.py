"""What the body of a change may hold: the fields of its command, without those that the portal fills in."""

import typing
from dataclasses import MISSING, fields
from typing import Any

import marshmallow as ma

from services.contracts.commands import (
    AcceptReplan,
    AddAttachment,
    AddSeriesDates,
    AddWebhook,
    CancelReservation,
    CancelSeries,
    CheckInReservation,
    CheckOutReservation,
    ChooseNotifications,
    CloseFault,
    Command,
    ConfirmReplanned,
    CreateToken,
    DeclareInterruption,
    DescribeInterruption,
    DescribeReservation,
    EndInterruption,
    ExtendInterruption,
    ExtendReservation,
    ImportCalendarYear,
    MoveReservation,
    MoveSeries,
    RejectReservation,
    RejectSeries,
    ReplayWebhook,
    ReportFault,
    RequestReservation,
    RequestSeries,
    ReservationCommand,
    ReviseReplan,
    SaveCalendarYear,
    SaveFacility,
    SaveQuota,
    SaveSite,
    SeriesCommand,
    SetLeave,
    StartReplan,
)
from services.contracts.commands.series import Choice
from services.contracts.schemas import StrictSchema, field_of, schema_of
from services.contracts.values import Pattern, Text

FILLED_IN = {"actor", "request_key"}


class Body(StrictSchema):
    """A field that may be left out may also be null, which means the same."""

    @ma.post_load
    def without_nulls(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value is not None}


def body_of(kind: type[Command], *, name: str = "", without: tuple[str, ...] = (), partial: bool = False) -> ma.Schema:
    """The body for a command. ``partial``: only what the command's ``version`` names must be there."""
    hints = typing.get_type_hints(kind, include_extras=True)
    described: dict[str, Any] = {}
    for item in fields(kind):
        if item.name in FILLED_IN or item.name in without:
            continue
        given = item.default is not MISSING or item.default_factory is not MISSING
        needed = item.name == "version" if partial else not given
        field = field_of(hints[item.name], required=needed, metadata=limits_of(hints[item.name]))
        field.allow_none = not needed
        described[item.name] = field
    if "choices" in described:
        described["choices"] = ma.fields.List(ma.fields.Nested(schema_of(Choice)))
    return type(name or kind.__name__, (Body,), described)()


def limits_of(annotation: Any) -> dict[str, Any]:
    """The limits of a text in the words of JSON Schema; numbers and choices are found without help."""
    if typing.get_origin(annotation) is not typing.Annotated:
        parts = [part for part in typing.get_args(annotation) if typing.get_origin(part) is typing.Annotated]
        return limits_of(parts[0]) if len(parts) == 1 and typing.get_origin(annotation) not in (list, dict) else {}
    found: dict[str, Any] = {}
    for limit in typing.get_args(annotation)[1:]:
        if isinstance(limit, Text):
            found |= {"minLength": limit.shortest, "maxLength": limit.longest}
        elif isinstance(limit, Pattern):
            found["pattern"] = f"^{limit.expression}$"
    return found


REQUEST = body_of(RequestReservation)
MOVE = body_of(MoveReservation, without=("reservation",))
STEP = body_of(ReservationCommand, name="ReservationStep", without=("reservation",))
REJECT = body_of(RejectReservation, without=("reservation",))
CANCEL = body_of(CancelReservation, without=("reservation",))
CHECK_IN = body_of(CheckInReservation, without=("reservation", "pin"))
EXTEND = body_of(ExtendReservation, without=("reservation",))
CHECK_OUT = body_of(CheckOutReservation, without=("reservation",))
FAULT = body_of(ReportFault)
FAULT_CLOSED = body_of(CloseFault, without=("fault",))
DESCRIBE = body_of(DescribeReservation, without=("reservation",))
ATTACH = body_of(AddAttachment, without=("reservation",))
DETACH = body_of(ReservationCommand, name="RemoveAttachment", without=("reservation",))
LEAVE = body_of(SetLeave)
TOKEN = body_of(CreateToken)
FACILITY = body_of(SaveFacility, without=("version",))
FACILITY_CHANGE = body_of(SaveFacility, name="ChangeFacility", without=("facility",), partial=True)
NOTIFICATIONS = body_of(ChooseNotifications)
SERIES = body_of(RequestSeries)
SERIES_CHECK = body_of(RequestSeries, name="CheckSeries", without=("purpose", "on_clash"))
SERIES_MOVE = body_of(MoveSeries, without=("series",))
SERIES_MOVE_CHECK = body_of(MoveSeries, name="CheckSeriesMove", without=("series", "version", "on_clash"))
SERIES_DATES = body_of(AddSeriesDates, without=("series",))
SERIES_STEP = body_of(SeriesCommand, name="DecideSeries", without=("series",))
SERIES_REJECT = body_of(RejectSeries, without=("series",))
SERIES_CANCEL = body_of(CancelSeries, without=("series",))
OUTAGE = body_of(DeclareInterruption, name="Outage", without=("kind", "site", "rule"))
MAINTENANCE = body_of(DeclareInterruption, name="Maintenance", without=("kind", "site", "open_end"))
CLOSURE = body_of(DeclareInterruption, name="Closure", without=("kind", "facility", "unit", "open_end", "rule"))
INTERRUPTION = body_of(DeclareInterruption, name="PreviewInterruption", without=("note",))
INTERRUPTION_STEP = body_of(EndInterruption, name="EndInterruption", without=("interruption",))
EXTEND_INTERRUPTION = body_of(ExtendInterruption, without=("interruption",))
DESCRIBE_INTERRUPTION = body_of(DescribeInterruption, without=("interruption",))
SITE = body_of(SaveSite, without=("version",))
SITE_CHANGE = body_of(SaveSite, name="ChangeSite", without=("site",))
CALENDAR_IMPORT = body_of(ImportCalendarYear, without=("site",))
CALENDAR_YEAR = body_of(SaveCalendarYear, without=("site",))
CALENDAR_PREVIEW = body_of(SaveCalendarYear, name="CalendarPreview", without=("site", "version"))
FACILITY_HOURS = type("FacilityHours", (Body,), {
    name: FACILITY_CHANGE.fields[name] for name in ("opening_hours", "date_exceptions", "on_holidays")
})()
WEBHOOK = body_of(AddWebhook)
REPLAY = body_of(ReplayWebhook, without=("webhook",))
QUOTA = body_of(SaveQuota)
START_REPLAN = body_of(StartReplan)
REVISE_REPLAN = body_of(ReviseReplan, without=("replan",))
REPLAN_STEP = body_of(AcceptReplan, name="DecideReplan", without=("replan",))
CONFIRM = body_of(ConfirmReplanned, without=("reservation",))
