"""Notices as words for one reader: the same facts for the layouts as in facts.py, made for each family of steps."""

from collections.abc import Callable

from services.notify.domain import wechat_fields
from services.notify.domain.audience import Part
from services.notify.domain.notices import Notice
from services.notify.rendering.campaigns import campaign
from services.notify.rendering.interruptions import fault, interruption
from services.notify.rendering.lists import Words
from services.notify.rendering.marks import COLOURS, PHRASES
from services.notify.rendering.people import account, qualification, quota, training, use
from services.notify.rendering.replans import replan
from services.notify.rendering.series import series
from services.notify.rendering.swaps import answered, asked
from services.notify.rendering.waiting import waiting
from services.notify.rendering.words import LABELS

CAMPAIGNS = (
    "campaign_requested",
    "campaign_approved",
    "campaign_rejected",
    "campaign_moved",
    "campaign_moved_by_base",
    "campaign_cancelled",
    "campaign_cancelled_by_base",
)
FAMILIES: dict[str, Callable[[Notice, Part, str], Words]] = {
    **dict.fromkeys(
        (
            "series_requested",
            "series_approved",
            "series_rejected",
            "series_moved",
            "series_moved_by_base",
            "series_cancelled",
            "series_cancelled_by_base",
        ),
        series,
    ),
    "swap_asked": asked,
    "swap_answered": answered,
    **dict.fromkeys(CAMPAIGNS, campaign),
    **dict.fromkeys(("outage", "maintenance_announced", "maintenance_changed", "maintenance_cancelled"), interruption),
    **dict.fromkeys(("replanned", "replanned_out"), replan),
    **dict.fromkeys(("fault_reported", "fault_closed"), fault),
    **dict.fromkeys(("qualification_expiring", "qualification_expired"), qualification),
    **dict.fromkeys(("training_requested", "training_granted", "training_refused"), training),
    "wait_lapsed": waiting,
    "quota_nearly_used": quota,
    "account_suspended": account,
    **dict.fromkeys(("usage_week", "usage_month"), use),
}


def facts_for_notice(notice: Notice, part: Part, language: str, public_url: str) -> Words:
    """What every template of this step can say to this reader."""
    labels, step = LABELS[language], notice.step.name
    made = FAMILIES[step](notice, part, language)
    headline, first, last = made["headline"], *made.pop("card_times")
    return {
        "step": step,
        "language": language,
        "labels": labels,
        "colour": COLOURS[step],
        "stem": f"[{labels['base']}]",
        "tag": "",
        "by": "",
        "items": [],
        "manages": part is Part.MANAGER,
        "open": labels["open_page"],
        "card": {
            "thing1": made.get("card_title", headline),
            "time2": wechat_fields.time_range(first, last) if last else wechat_fields.moment(first),
            "phrase3": PHRASES[step],
        },
        "note_field": "thing4",
        **made,
        "rows": [(labels[name], text) for name, text in made["rows"] if text],
        "url": public_url + made["path"],
    }
