"""Every text has its Chinese, and the catalogue is the one that Babel reads."""

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


def catalogue():
    with (PORTAL / "translations" / str(Locale.parse("zh_CN")) / "LC_MESSAGES/messages.po").open("rb") as source:
        return read_po(source)


def test_the_folder_has_babels_name():
    assert str(Locale.parse("zh_CN")) == "zh_Hans_CN"
    assert [path.name for path in (PORTAL / "translations").iterdir()] == ["zh_Hans_CN"]


def test_no_text_lacks_its_chinese():
    known = {message.id if isinstance(message.id, str) else message.id[0]: message.string for message in catalogue()}
    used = {
        message if isinstance(message, str) else message[0]
        for _file, _line, message, *_rest in extract_from_dir(str(PORTAL), METHODS, keywords=KEYWORDS)
    }
    missing = [text for text in used if not known.get(text) or not any(known[text])]
    assert missing == []


@pytest.mark.parametrize(
    "message", [message for message in catalogue() if message.id], ids=lambda message: str(message.id)[:40]
)
def test_a_translation_keeps_the_placeholders(message):
    source = message.id if isinstance(message.id, str) else message.id[-1]
    chinese = message.string if isinstance(message.string, str) else message.string[0]
    assert set(PLACEHOLDER.findall(chinese)) == set(PLACEHOLDER.findall(source))
    assert not message.fuzzy
