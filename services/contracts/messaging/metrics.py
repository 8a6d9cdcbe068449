"""What Prometheus reads of a service (text at /metrics)."""

from prometheus_client import Counter, Gauge, Histogram

CALLS = Histogram(
    "calls_seconds",
    "Calls by method and outcome (ok, a refusal's code, or internal).",
    ["method", "outcome"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
FACTS_SENT = Counter("facts_sent_total", "Facts confirmed by the broker.")
FACTS_UNSENT = Gauge("facts_unsent", "Facts in the outbox that the broker has not confirmed.")
FACTS_OLDEST = Gauge("facts_unsent_oldest_seconds", "Age of the oldest fact in the outbox.")
FACTS_TAKEN = Counter(
    "facts_taken_total", "Facts taken, by outcome (handled, repeated, waiting, parked, dead).", ["outcome"]
)
FACTS_PARKED = Gauge("facts_parked", "Facts that failed and wait for a person or the next attempt.")
