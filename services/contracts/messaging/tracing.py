"""The thread that runs from an HTTP request to the last message it causes.

Both are set at a door (a request, a call, a fact) and read wherever a line is logged or a
message leaves. They are context variables, so each greenlet and each thread has its own.
"""

import re
import uuid
from contextvars import ContextVar

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
causation_id: ContextVar[str] = ContextVar("causation_id", default="")

ACCEPTABLE = re.compile(r"[A-Za-z0-9._:-]{1,80}")


def new_correlation_id() -> str:
    return uuid.uuid4().hex


def begin(correlation: str | None = None, causation: str = "") -> str:
    """Set both for the work that starts now; an odd or missing correlation id gets a new one."""
    chosen = correlation if correlation and ACCEPTABLE.fullmatch(correlation) else new_correlation_id()
    correlation_id.set(chosen)
    causation_id.set(causation)
    return chosen
