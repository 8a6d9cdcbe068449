\set place random(1, 23)
\set minute random(0, 500000000)
BEGIN;
SELECT id FROM units WHERE facility = (SELECT facility FROM units WHERE id = :place) ORDER BY id FOR UPDATE;
WITH wanted AS (SELECT gen_random_uuid() AS id, timestamptz '2400-01-01' + :minute * interval '1 minute' AS starts_at),
reservation AS (
    INSERT INTO reservations (reservation, version, state, facility, unit, starts_at, ends_at, team, purpose, requester)
    SELECT id, 1, 'approved', 'raw', 'A', starts_at, starts_at + interval '1 hour', 'raw', 'raw', 'raw' FROM wanted),
claim AS (
    INSERT INTO claims (reservation, unit_id, period, held)
    SELECT id, :place, tstzrange(starts_at, starts_at + interval '1 minute'), true FROM wanted ON CONFLICT DO NOTHING),
fact AS (
    INSERT INTO outbox (event_id, type, aggregate_type, aggregate_id, aggregate_version, body, created_at, sent_at)
    SELECT gen_random_uuid(), 'raw', 'raw', id, 1, repeat('x', 700), now(), now() FROM wanted),
answer AS (
    INSERT INTO processed (person, request_key, fingerprint, answer, created_at)
    SELECT 'raw', id, 'raw', repeat('x', 400), now() FROM wanted)
INSERT INTO reservation_history (reservation, version, action, actor, at, reason, former, changed, basis)
SELECT id, 1, 'request', 'raw', now(), '', '{}', '{}', '{}' FROM wanted;
COMMIT;
