"""By default no two processes answer at one address."""

import re

from deploy.local.settings import ROOT

DEFAULT = re.compile(r"^WEB_SERVER_ADDRESS: \$\{[A-Z_]+:(.+)\}$", re.MULTILINE)


def test_each_process_answers_at_an_address_of_its_own():
    addresses = [each for path in ROOT.glob("services/**/*.yml") for each in DEFAULT.findall(path.read_text())]
    assert len(addresses) == 7
    assert len(set(addresses)) == 7
