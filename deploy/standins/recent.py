"""The newest items, and no more than fit: the oldest make room."""

import json
import threading
import zlib
from collections import deque


class Recent:
    """Keeps the newest `limit` items (dicts of JSON values), compressed: 5,000 mails take about 10 MB."""

    def __init__(self, limit: int):
        self._items: deque[tuple[int, bytes]] = deque(maxlen=limit)
        self._lock = threading.Lock()
        self._number = 0

    def add(self, item: dict) -> int:
        packed = zlib.compress(json.dumps(item, ensure_ascii=False).encode(), 1)
        with self._lock:
            self._number += 1
            self._items.append((self._number, packed))
            return self._number

    def newest_first(self, count: int | None = None) -> list[dict]:
        """The newest `count` items, each with its `number`."""
        with self._lock:
            chosen = list(self._items)[-count:] if count else list(self._items)
        return [self._unpack(number, packed) for number, packed in reversed(chosen)]

    def find(self, number: int) -> dict | None:
        with self._lock:
            found = next((packed for key, packed in self._items if key == number), None)
        return found and self._unpack(number, found)

    def clear(self) -> None:
        with self._lock:
            self._items.clear()

    def __len__(self) -> int:
        return len(self._items)

    @staticmethod
    def _unpack(number: int, packed: bytes) -> dict:
        return {"number": number, **json.loads(zlib.decompress(packed))}
