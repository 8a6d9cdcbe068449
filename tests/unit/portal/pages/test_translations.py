"""Every text has its Chinese and every Chinese its text; the catalogue is the one that Babel reads."""

import re
from pathlib import Path

import pytest
from babel.core import Locale
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PORTAL = Path(__file__).parents[4] / "services/portal"
KEYWORDS = dict.fromkeys(("_", "gettext", "lazy_gettext", "N_")) | {"ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def first(text):
    """A text that has a plural is known by its singular."""
    return text if isinstance(text, str) else text[0]


def catalogue():
    with (PORTAL / "translations" / str(Locale.parse("zh_CN")) / "LC_MESSAGES/messages.po").open("rb") as source:
        return [message for message in read_po(source) if message.id]


CATALOGUE = catalogue()
CHINESE = {first(message.id): first(message.string) for message in CATALOGUE}


@pytest.fixture(scope="module")
def used():
    """What the code and the templates say."""
    found = extract_from_dir(str(PORTAL), METHODS, keywords=KEYWORDS)
    return {first(text) for _file, _line, text, *_rest in found}


def test_the_folder_has_babels_name():
    assert str(Locale.parse("zh_CN")) == "zh_Hans_CN"
    assert [path.name for path in (PORTAL / "translations").iterdir()] == ["zh_Hans_CN"]


def test_no_text_lacks_its_chinese(used):
    assert sorted(text for text in used if not CHINESE.get(text)) == []


def test_no_chinese_is_left_over(used):
    assert sorted(CHINESE.keys() - used) == []


@pytest.mark.parametrize("message", CATALOGUE, ids=lambda message: str(message.id)[:40])
def test_a_translation_keeps_the_placeholders(message):
    source = message.id if isinstance(message.id, str) else message.id[-1]
    assert set(PLACEHOLDER.findall(first(message.string))) == set(PLACEHOLDER.findall(source))
    assert not message.fuzzy
