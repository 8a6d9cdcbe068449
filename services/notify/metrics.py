"""What Prometheus reads of notify, besides what every service shows."""

from prometheus_client import Counter, Gauge

ATTEMPTS = Counter("deliveries_attempts_total", "Attempts to deliver, by channel and outcome.", ["channel", "outcome"])
WAITING = Gauge("deliveries_waiting", "Deliveries that are not accepted yet.", ["channel"])
OLDEST = Gauge("deliveries_waiting_oldest_seconds", "Age of the oldest delivery that waits.", ["channel"])
DEAD = Gauge("deliveries_dead", "Deliveries that were given up and wait for a person.", ["channel"])


def show(waiting: dict[str, dict]) -> None:
    """Set the gauges from the query ``waiting``; a channel that is gone from it has nothing waiting."""
    for channel in ("email", "wechat"):
        row = waiting.get(channel, {})
        WAITING.labels(channel).set(row.get("waiting", 0))
        OLDEST.labels(channel).set(row.get("oldest", 0))
        DEAD.labels(channel).set(row.get("dead", 0))
