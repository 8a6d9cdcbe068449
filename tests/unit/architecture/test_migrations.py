"""Each service's revisions make one line, so that every database takes the same road."""

import re
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[3] / "services"
FOLDERS = sorted(SERVICES.glob("*/storage/migrations/versions"))
REVISION = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:None|"(\w+)")$', re.MULTILINE)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parts[-4])
def test_revisions_follow_one_another(folder):
    found = [(path.name[:4], *REVISION.search(path.read_text("utf-8")).groups("")) for path in folder.glob("*.py")]
    number, expected = "", []
    for place in range(1, len(found) + 1):
        expected.append((f"{place:04}", f"{place:04}", number))
        number = f"{place:04}"
    assert sorted(found) == expected
