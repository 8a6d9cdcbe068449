"""What a process is told: a YAML file in which ${NAME:default} stands for the environment.

An empty value counts as none. A name without a default must be set: every missing one is told at once.
"""

import re
from collections.abc import Mapping
from typing import Any

import yaml

VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(?::([^}]*))?\}")


class MissingSettings(Exception):
    """Names that the environment must give and does not."""


def read_config(text: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Parse it with the environment filled in. Raises MissingSettings, naming all."""
    wanted = {match[1] for match in VARIABLE.finditer(text) if match[2] is None}
    missing = sorted(name for name in wanted if not environment.get(name))
    if missing:
        raise MissingSettings(", ".join(missing))
    return yaml.safe_load(VARIABLE.sub(lambda match: environment.get(match[1]) or match[2] or "", text))
