"""The calendar part of a mail, read for showing."""

import re
from datetime import UTC, datetime

from deploy.standins.layout import SHANGHAI

SHOWN = (
    "SUMMARY",
    "DTSTART",
    "DTEND",
    "LOCATION",
    "DESCRIPTION",
    "ORGANIZER",
    "ATTENDEE",
    "STATUS",
    "SEQUENCE",
    "UID",
    "DTSTAMP",
    "URL",
)
LINE = re.compile(r'(?P<name>[A-Za-z0-9-]+)(?P<parameters>(?:;(?:"[^"]*"|[^":])*)?):(?P<value>.*)', re.DOTALL)


def read_invitation(calendar: str) -> dict[str, str]:
    """METHOD and the first event's properties, by name; times in Asia/Shanghai. Unreadable lines are left out."""
    found: dict[str, str] = {}
    inside: list[str] = []
    for line in re.sub(r"\r?\n[ \t]", "", calendar).splitlines():
        match = LINE.fullmatch(line)
        if not match:
            continue
        name, value = match["name"].upper(), match["value"]
        if name == "BEGIN":
            inside.append(value.upper())
        elif name == "END" and inside:
            inside.pop()
        elif name == "METHOD" or (name in SHOWN and inside[-1:] == ["VEVENT"]):
            found.setdefault(name, _shown(name, match["parameters"], value))
    return {name: found[name] for name in ("METHOD", *SHOWN) if name in found}


def _shown(name: str, parameters: str, value: str) -> str:
    if name.startswith("DT"):
        return _time(parameters, value)
    text = value.replace("\\n", "\n").replace("\\N", "\n")
    return re.sub(r"\\([\\;,])", r"\1", text)


def _time(parameters: str, value: str) -> str:
    try:
        moment = datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - the zone stands beside it
    except ValueError:
        return value
    if value.endswith("Z"):
        return moment.replace(tzinfo=UTC).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    zone = re.search(r"TZID=([^;:]+)", parameters)
    suffix = f" ({zone[1]})" if zone and zone[1] != "Asia/Shanghai" else ""
    return moment.strftime("%Y-%m-%d %H:%M") + suffix
