"""What people read: a stored snapshot of each case, channel and language.

UPDATE_SNAPSHOTS=1 writes them anew; read the difference before it is committed.
"""

import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import icalendar
import pytest

from services.notify.domain.audience import Part, recipients
from services.notify.domain.steps import STEPS
from services.notify.rendering.composer import Composer
from services.notify.rendering.digest import digest
from services.notify.rendering.templates import FOLDER
from services.notify.rendering.words import LABELS, LANGUAGES
from services.notify.samples import notices as notice_examples
from tests.unit.notify import situations

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.fixture(scope="module")
def composer():
    return Composer("https://booking.example.test/", "base@example.test", robots=["base"])


def deliveries(composer, situation):
    told = recipients(situation)
    return composer.compose(situation, told, situations.CAUSE)


def told_of(make, **more):
    """What an example is about, and who is told, were they to hear of everything everywhere."""
    if make in situations.ALL:
        before = make()
        situation = replace(before, people=situations.told_of_everything(before, **more))
        return [(situation, recipients(situation))]
    return make(situations.all_ears(notice_examples.PEOPLE, **more))


def cases():
    """Each step for each part, as far as it is told, in each language."""
    for make in (*situations.ALL, *notice_examples.ALL):
        parts = sorted({each.part for _, told in told_of(make) for each in told})
        for part in parts:
            for language in LANGUAGES:
                yield pytest.param(make, part, language, id=f"{make.__name__}.{part}.{language}")


def written_for(composer, make, part, language):
    """By channel: what the first recipient with this part is sent, were this their language; and their group."""
    bindings = {"wechat": "openid", "wecom": "userid"}
    for subject, told in told_of(make, language=language, bindings=bindings):
        first = [each for each in told if each.part is part][:1]
        if first:
            return {each.channel: each.content for each in composer.compose(subject, first, situations.CAUSE)}
    raise AssertionError("nobody is told")


def snapshots_of(composer, make, part, language):
    """By kind of file: what is stored. What a group reads is always Chinese."""
    content = written_for(composer, make, part, language)
    for each in content.values():
        each.pop("former", None)  # not for the reader
    mail = content["email"]
    readable = [mail["subject"], mail["text"], mail.get("calendar", "").replace("\r\n", "\n")]
    found = {"mail.txt": "\n\n".join(filter(None, readable)), "mail.html": mail["html"]}
    cards = [name for name in ("wechat", "wecom", "robot") if name in content]
    if language != "zh-Hans" and "robot" in cards:
        cards.remove("robot")
    return found | {f"{name}.json": json.dumps(content[name], ensure_ascii=False, indent=2) for name in cards}


@pytest.mark.parametrize(("make", "part", "language"), list(cases()))
def test_texts_are_as_stored(composer, make, part, language):
    for kind, text in snapshots_of(composer, make, part, language).items():
        compare(f"{make.__name__}.{part}.{language}.{kind}", text)


def compare(name, text):
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text + "\n"


def test_every_step_is_there_in_every_language():
    assert LABELS["zh-Hans"].keys() == LABELS["en"].keys()
    for folder in FOLDER.iterdir():
        if folder.name != "layout":
            assert {path.stem for path in folder.iterdir()} == set(LANGUAGES)


def digest_for(composer, language, bindings):
    """What waited of four messages, for somebody with an address or without."""
    reader = situations.person("lead01", language=language, email="" if bindings else "lead01@example.test")
    reader = replace(reader, bindings=bindings)
    makes = (situations.requested, situations.rejected, notice_examples.series_requested, notice_examples.usage_week)
    lines = []
    for make in makes:
        [(subject, told)] = told_of(make, language=language)
        [written] = [composer.texts(subject, each.part, language) for each in told[:1]]
        lines.append(written.line())
    [made] = digest(composer, reader, lines, situations.CAUSE)
    return made.content


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_is_as_stored(composer, language):
    mail = digest_for(composer, language, {})
    compare(f"digest.{language}.mail.txt", f"{mail['subject']}\n\n{mail['text']}")
    compare(f"digest.{language}.mail.html", mail["html"])
    for channel in ("wechat", "wecom"):
        card = digest_for(composer, language, {channel: "id"})
        compare(f"digest.{language}.{channel}.json", json.dumps(card, ensure_ascii=False, indent=2))


KINDS = ("mail.txt", "mail.html", "wechat.json", "wecom.json")
DIGESTS = {f"digest.{language}.{kind}" for language in LANGUAGES for kind in KINDS}


def test_no_snapshot_is_left_behind(composer):
    known = DIGESTS | {f"{case.id}.{kind}" for case in cases() for kind in snapshots_of(composer, *case.values)}
    assert {path.name for path in SNAPSHOTS.iterdir()} == known


def test_every_step_has_an_example():
    told = {subject.step.name for make in (*situations.ALL, *notice_examples.ALL) for subject, _ in told_of(make)}
    assert told | {"digest"} == set(STEPS)


class Page(HTMLParser):
    """What an HTML mail loads, and where its links lead."""

    def __init__(self, source):
        super().__init__()
        self.loads, self.links, self.tags = [], [], set()
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        given = dict(attributes)
        self.loads += [value for name, value in given.items() if name in ("src", "background")]
        self.links += [given["href"]] if "href" in given else []


@pytest.mark.parametrize("make", situations.ALL)
def test_html_escapes_what_people_typed_and_loads_nothing(composer, make):
    before = make()
    event = replace(before.event, purpose='<script>alert("1")</script>', reason="<img src=//x>")
    for delivery in deliveries(composer, replace(before, event=event)):
        if delivery.channel == "email":
            page = Page(delivery.content["html"])
            assert page.links == [f"https://booking.example.test/reservations/{event.reservation}"]
            assert not page.loads
            assert not page.tags & {"script", "img", "link", "iframe"}
            assert "url(" not in delivery.content["html"]


def test_a_subject_stays_one_line_whatever_a_facility_is_called(composer):
    before = situations.approved()
    hostile = replace(before.facility, names={"zh-Hans": "A\r\nBcc: everybody@example.test\n", "en": "\u2028B"})
    for delivery in deliveries(composer, replace(before, facility=hostile)):
        assert len(delivery.content.get("subject", "").splitlines()) <= 1


def test_a_thread_keeps_its_stem_through_all_steps(composer):
    subjects = [
        delivery.content["subject"]
        for make in situations.ALL
        for delivery in deliveries(composer, make())
        if delivery.channel == "email" and delivery.recipient == "lead01"
    ]
    assert len(subjects) > 5
    assert {subject.partition("]")[0] for subject in subjects} == {"[预约 3f2a9c1d"}


def calendars(composer):
    for make in (situations.approved, situations.moved, situations.moved_and_waiting, situations.cancelled):
        for delivery in deliveries(composer, make()):
            if "calendar" in delivery.content:
                yield delivery, icalendar.Calendar.from_ical(delivery.content["calendar"])


def test_one_entry_from_invitation_to_cancellation(composer):
    found = [
        (whole["METHOD"], str(entry["STATUS"]), int(entry["SEQUENCE"]), str(entry["UID"]))
        for delivery, whole in calendars(composer)
        if delivery.recipient == "member01"
        for entry in whole.walk("VEVENT")
    ]
    uid = f"reservation-{situations.RESERVATION}@example.test"
    assert found == [
        ("REQUEST", "CONFIRMED", 2, uid),
        ("REQUEST", "CONFIRMED", 3, uid),
        ("REQUEST", "TENTATIVE", 3, uid),
        ("CANCEL", "CANCELLED", 3, uid),
    ]


def test_an_entry_names_its_reader_alone_and_the_senders_address(composer):
    for delivery, whole in calendars(composer):
        [entry] = whole.walk("VEVENT")
        assert entry["ATTENDEE"] == f"mailto:{delivery.address}"
        assert entry["ORGANIZER"] == "mailto:base@example.test"
        assert not entry["ORGANIZER"].params
        assert delivery.content["method"] == whole["METHOD"]
        assert delivery.content["calendar"].count("\r\n") == delivery.content["calendar"].count("\n")
        assert re.search(r"DTSTART:\d{8}T\d{6}Z", delivery.content["calendar"])


def test_a_missing_language_falls_back_to_chinese(composer):
    written = written_for(composer, situations.approved, Part.TEAM, "fr")
    assert "已批准" in written["email"]["subject"]


def test_each_channel_and_person_has_one_delivery_with_a_lasting_identity(composer):
    first, again = (deliveries(composer, situations.cancelled()) for _ in range(2))
    assert [each.id for each in first] == [each.id for each in again]
    assert len({(each.recipient, each.channel) for each in first}) == len(first) == 4
