"""What Prometheus reads of notify, besides what every service shows."""

from prometheus_client import Counter, Gauge

ATTEMPTS = Counter("deliveries_attempts_total", "Attempts to deliver, by channel and outcome.", ["channel", "outcome"])
WAITING = Gauge("deliveries_waiting", "Deliveries that are not accepted yet.", ["channel"])
OLDEST = Gauge("deliveries_waiting_oldest_seconds", "Age of the oldest delivery that waits.", ["channel"])
DEAD = Gauge("deliveries_dead", "Deliveries that were given up and wait for a person.", ["channel"])

PAUSED = Gauge("channels_paused_seconds", "How long a channel still rests, by why.", ["channel", "kind"])

CHANNELS = ("email", "wechat", "wecom", "robot", "webhook")


def show(waiting: dict[str, dict], pauses: list[dict]) -> None:
    """Set the gauges from the queries; a channel that is gone from them has nothing waiting and does not rest."""
    for channel in CHANNELS:
        row = waiting.get(channel, {})
        WAITING.labels(channel).set(row.get("waiting", 0))
        OLDEST.labels(channel).set(row.get("oldest", 0))
        DEAD.labels(channel).set(row.get("dead", 0))
    PAUSED.clear()
    for pause in pauses:
        PAUSED.labels(pause["channel"], pause["kind"]).set(pause["seconds"])
