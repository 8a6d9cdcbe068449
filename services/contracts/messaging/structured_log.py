"""One JSON object per line, with the thread that the line belongs to."""

import logging
import sys

from pythonjsonlogger.json import JsonFormatter as Formatter

from services.contracts.messaging.tracing import causation_id, correlation_id


class JsonFormatter(Formatter):
    """Time (UTC), level, logger, message, correlation id, and what `extra` adds."""

    def __init__(self) -> None:
        super().__init__(
            "{levelname}{name}{message}",
            style="{",
            timestamp="at",
            rename_fields={"levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_data: dict) -> dict:
        if correlation := correlation_id.get():
            log_data["correlation_id"] = correlation
        if causation := causation_id.get():
            log_data["causation_id"] = causation
        return log_data


def configure(level: str = "INFO") -> None:
    """Log to standard output; what nameko says of each expected refusal and each probe is left out."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("nameko.containers").setLevel(logging.ERROR)
    logging.getLogger("nameko.web.server").setLevel(logging.WARNING)
