"""A small base in memory, shaped like the services' answers: facilities, people, a week of reservations."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.contracts.errors import InvalidInput, NotFound
from services.notify import previews
from services.notify.rendering.composer import Composer
from tests.unit.portal.fakes import FakeClient
from tests.unit.portal.message_examples import NOTIFICATIONS
from tests.unit.portal.pages.fake_approval import NAMES as APPROVAL
from tests.unit.portal.pages.fake_approval import FakeApproval
from tests.unit.portal.pages.fake_booking import FakeBooking
from tests.unit.portal.pages.fake_calendar import FakeCalendar
from tests.unit.portal.pages.fake_campaigns import NAMES as CAMPAIGNS
from tests.unit.portal.pages.fake_campaigns import FakeCampaigns
from tests.unit.portal.pages.fake_catalogue import CATALOGUE, PASSWORD, TEAMS, an_identity, facility_of
from tests.unit.portal.pages.fake_channels import FakeChannels
from tests.unit.portal.pages.fake_contention import NAMES as CONTENTION
from tests.unit.portal.pages.fake_contention import FakeContention
from tests.unit.portal.pages.fake_data import FakeData
from tests.unit.portal.pages.fake_finding import FakeFinding
from tests.unit.portal.pages.fake_importing import NAMES as IMPORTING
from tests.unit.portal.pages.fake_importing import FakeImporting
from tests.unit.portal.pages.fake_messages import FakeMessages
from tests.unit.portal.pages.fake_quotas import FakeQuotas
from tests.unit.portal.pages.fake_replans import NAMES as REPLANS
from tests.unit.portal.pages.fake_replans import FakeReplans
from tests.unit.portal.pages.fake_series import NAMES as SERIES
from tests.unit.portal.pages.fake_series import FakeSeries
from tests.unit.portal.pages.fake_swaps import NAMES as SWAPS
from tests.unit.portal.pages.fake_swaps import FakeSwaps
from tests.unit.portal.pages.fake_trainings import FakeTrainings
from tests.unit.portal.pages.fake_use import FakeUse
from tests.unit.portal.pages.fake_waiting import NAMES as WAITING
from tests.unit.portal.pages.fake_waiting import FakeWaiting

COMPOSER = Composer("https://booking.example.test", "base@example.test")


ANSWERED = {
    "accounts": (
        "teams", "projects", "save_project", "set_priority", "team", "delegates", "set_leave", "all_tokens",
        "choose_language", "create_token", "revoke_token",
    ),
    "facilities": (
        "all_facilities", "facility", "save_facility", "qualifications", "holders", "trainings",
        "request_training", "withdraw_training", "decide_training", "grant_qualifications", "save_qualification",
        "catalogue", "compare_catalogue", "import_catalogue", "changes", "quotas", "save_quota",
    ),
    "booking": (
        *APPROVAL, *SWAPS, *CONTENTION, *IMPORTING, "board", "quota_usage", "crowded", "check_slot", "find_times",
        "all_reservations", "reservation", "approvals", "approvals_count", "journey", "request_reservation",
        "approve_reservation", "reject_reservation", "withdraw_reservation", "cancel_reservation",
        "move_reservation", *SERIES, *CAMPAIGNS, *REPLANS, *WAITING, "check_in_reservation",
        "check_out_reservation", "extend_reservation", "mark_no_show", "overrun_risk", "day_of_use", "faults",
        "report_fault", "close_fault",
    ),
    "notify": (
        "undelivered", "resend_delivery", "webhooks", "webhook", "webhook_deliveries", "add_webhook",
        "switch_webhook", "rotate_webhook_secret", "replay_webhook", "deliveries", "notifications",
        "choose_notifications", "message_samples", "message_sample", "bindings", "binding_code", "start_binding",
        "prove_binding", "confirm_binding", "confirm_address", "reached", "bind_channel", "drop_binding",
    ),
}
"""What each service is asked, by the method that answers; ``all_`` stands before names that are taken."""


class FakeBase(
    FakeApproval, FakeSeries, FakeCampaigns, FakeReplans, FakeSwaps, FakeBooking, FakeUse, FakeCalendar,
    FakeTrainings, FakeQuotas, FakeData, FakeChannels, FakeMessages, FakeWaiting, FakeFinding, FakeContention,
    FakeImporting, FakeClient,
):
    """Answers for ``member01`` (a team), ``manager-labs`` (approves) and ``admin``."""

    def __init__(self, now: datetime | None = None) -> None:
        super().__init__()
        self.now = now or datetime.now(UTC)
        self.facilities = {line[0]: facility_of(*line) for line in CATALOGUE}
        labs = [code for code in self.facilities if code.startswith("LAB")]
        for identity in (
            an_identity("member01", "李薇", [], [], [0, 2]),
            an_identity("manager-labs", "王建国", ["facility_manager"], labs, []),
            an_identity("admin", "系统管理员", ["admin"], [], []),
        ):
            self.people[identity["person"]] = identity
            self.passwords[identity["person"]] = PASSWORD
        self.reservations = self.seeded()
        self.reported = {}
        self.repeated = {}
        self.asked, self.sent, self.taken_over = {}, [], []
        self.campaigned = {}
        self.trained, self.ranked, self.imported = [], [], []
        self.limited, self.crowding, self.binding = [], [], []
        self.with_capacity()
        self.chosen = deepcopy(NOTIFICATIONS)
        for service, names in ANSWERED.items():
            for name in names:
                self.answers[service, name.removeprefix("all_")] = getattr(self, name)
        self.begin()
        self.with_replans()
        for service, names in self.ANSWERS.items():
            self.answers |= {(service, name): getattr(self, name) for name in names}

    # accounts

    def teams(self, actor):
        return {"items": [{"code": f"team-{number:02d}", "name": name} for number, name in enumerate(TEAMS)]}

    def projects(self, actor, team=None):
        of = team or "team-00"
        project = {"name": "车规级电源模块", "stage": "pilot", "priority": "key", "priority_reason": "揭榜挂帅"}
        return {"items": [project | {"code": f"{of}-p1", "team": of, "team_name": TEAMS[int(of[-2:])], "role": "lead"}]}

    def save_project(self, **fields):
        self.ranked.append(fields)
        return {"team": fields["team"], "project": fields["project"], "version": 2}

    def set_priority(self, **fields):
        self.ranked.append(fields)
        return {"team": fields["team"], "project": fields["project"], "version": 2}

    def all_tokens(self, actor):
        return {
            "items": [
                {
                    "token": str(UUID(int=5)),
                    "name": "试验台 3",
                    "prefix": "pbb_a1b2",
                    "scopes": ["read", "reserve"],
                    "created_at": self.now.isoformat(),
                    "expires_at": (self.now + timedelta(days=80)).isoformat(),
                    "last_used_at": None,
                }
            ]
        }

    def choose_language(self, **fields):
        self.people[fields["actor"]]["language"] = fields["language"]
        return {}

    def create_token(self, **fields):
        return {"token": str(UUID(int=6)), "secret": "pbb_a1b2c3d4e5f6g7h8j9k0"}

    def revoke_token(self, **fields):
        return {}

    # facilities

    def all_facilities(self, actor, kind=None):
        return {"items": list(self.facilities.values())}

    def facility(self, actor, facility):
        if facility not in self.facilities:
            raise NotFound
        managers = [{"person": "manager-labs", "name": "王建国"}]
        return self.facilities[facility] | {"managers": managers, "qualification_names": {}}

    def save_facility(self, **fields):
        self.facilities[fields["facility"]] |= {
            name: value for name, value in fields.items() if name not in ("actor", "request_key")
        }
        return {}

    # notify

    def message_samples(self, actor):
        return {"items": previews.overview(COMPOSER)}

    def message_sample(self, actor, sample):
        items = previews.sample(COMPOSER, sample)
        if items is None:
            raise NotFound
        return {"sample": sample, "items": items}

    def notifications(self, actor):
        return self.chosen

    def choose_notifications(self, actor, request_key, **fields):
        if fields["quiet_from"] and fields["quiet_from"] == fields["quiet_until"]:
            raise InvalidInput(errors={"quiet_until": ["same_time"]})
        self.chosen |= fields | {"switches": self.chosen["switches"] | fields["switches"]}
        return self.chosen
