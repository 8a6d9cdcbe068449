"""How often something happened lately, and what was seen lately."""

from collections import defaultdict, deque


class Window:
    """Counts events per key over the last `seconds`."""

    def __init__(self, seconds: float):
        self._seconds = seconds
        self._events: dict[object, deque[float]] = defaultdict(deque)

    def count(self, key: object, now: float) -> int:
        events = self._events[key]
        while events and events[0] <= now - self._seconds:
            events.popleft()
        return len(events)

    def add(self, key: object, now: float) -> None:
        self._events[key].append(now)


class Seen:
    """Remembers the answer given for a key, for as long as the caller says."""

    def __init__(self):
        self._answers: dict[object, tuple[float, object]] = {}

    def find(self, key: object, now: float) -> object | None:
        until, answer = self._answers.get(key, (0, None))
        return answer if until > now else None

    def keep(self, key: object, answer: object, now: float, seconds: float) -> None:
        if len(self._answers) > 20_000:
            self._answers = {old: kept for old, kept in self._answers.items() if kept[0] > now}
        self._answers[key] = (now + seconds, answer)


class Today:
    """Counts per key and day; the day changes at midnight in Beijing."""

    def __init__(self):
        self._counts: dict[object, tuple[int, int]] = {}

    def add(self, key: object, now: float) -> int:
        """One more; returns how many it were today."""
        day = int((now + 8 * 3600) // 86400)
        counted_on, count = self._counts.get(key, (day, 0))
        self._counts[key] = (day, count + 1 if counted_on == day else 1)
        return self._counts[key][1]
