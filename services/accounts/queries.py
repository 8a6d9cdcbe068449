"""What may be asked of accounts: one statement each, plain dictionaries out."""

from sqlalchemy import text

from services.accounts.domain import devices as device_rules
from services.accounts.domain import tokens as token_rules
from services.accounts.domain.rights import SEES_ALL
from services.contracts.errors import NotFound, Unauthenticated
from services.contracts.messaging import audit

MEMBERSHIPS = """
    coalesce((SELECT json_agg(json_build_object('code', t.team, 'name', t.name, 'role', m.role, 'company', t.company)
                              ORDER BY t.team)
                FROM memberships m JOIN teams t USING (team) WHERE m.person = p.person), '[]')"""

PERSON = f"p.person, p.name, p.email, p.language, p.active, p.roles, p.manages, {MEMBERSHIPS} AS teams"

LEAVE = """
    (SELECT json_build_object('delegate', d.person, 'name', d.name, 'starts_at', p.away_from, 'ends_at', p.away_until)
       FROM persons d WHERE d.person = p.delegate AND p.away_until > now()) AS leave,
    coalesce((SELECT json_agg(json_build_object('person', a.person, 'name', a.name) ORDER BY a.person)
                FROM persons a
               WHERE a.delegate = p.person AND a.active AND now() >= a.away_from AND now() < a.away_until), '[]')
        AS stands_in_for"""

IDENTITY = text(f"SELECT {PERSON}, {LEAVE}, p.password_set_at FROM persons p WHERE p.active AND p.person = :person")

IDENTITY_BY_TOKEN = text(f"""
    SELECT {PERSON}, {LEAVE}, p.password_set_at, k.token::text, k.scopes,
           coalesce(k.last_used_at < now() - interval '1 hour', true) AS use_is_news
      FROM tokens k JOIN persons p USING (person)
     WHERE k.hash = :hash AND k.revoked_at IS NULL AND k.expires_at > now() AND p.active""")

# Whether the one who asks sees everybody, and the teams that they are in.
ASKING = """
    WITH asking AS (SELECT coalesce(bool_or(roles && :sees_all), false) AS sees_all
                      FROM persons WHERE person = :actor AND active),
         own AS (SELECT team, role FROM memberships JOIN persons USING (person) WHERE person = :actor AND active)"""

PEOPLE = text(f"""{ASKING}
    SELECT {PERSON} FROM persons p, asking
     WHERE asking.sees_all OR (p.person = :actor AND p.active)
        OR p.person IN (SELECT person FROM memberships JOIN own USING (team))
     ORDER BY p.person""")

# For the base somebody of the base, for a team that one leads a member of it.
DELEGATES = text(f"""{ASKING}
    SELECT p.person, p.name FROM persons p, persons me
     WHERE me.person = :actor AND me.active AND p.active AND p.person <> :actor
       AND (me.roles <> '{{}}' AND p.roles <> '{{}}'
            OR EXISTS (SELECT FROM memberships m JOIN own USING (team) WHERE m.person = p.person AND own.role = 'lead'))
     ORDER BY p.person""")

TEAM = "t.team AS code, t.name, t.company, c.name AS company_name, own.role, t.version"

TEAMS = text(f"""{ASKING}
    SELECT {TEAM} FROM asking, teams t JOIN companies c USING (company) LEFT JOIN own USING (team)
     WHERE asking.sees_all OR own.team IS NOT NULL
     ORDER BY t.team""")

TEAM_WITH_ALL = text(f"""{ASKING}
    SELECT {TEAM},
           coalesce((SELECT json_agg(json_build_object('person', person, 'name', p.name, 'role', role, 'active', active)
                                     ORDER BY role, person)
                       FROM memberships m JOIN persons p USING (person) WHERE m.team = t.team), '[]') AS members,
           coalesce((SELECT json_agg(json_build_object(
                                     'code', project, 'name', name, 'stage', stage, 'priority', priority,
                                     'priority_reason', priority_reason) ORDER BY project)
                       FROM projects WHERE team = t.team), '[]') AS projects
      FROM asking, teams t JOIN companies c USING (company) LEFT JOIN own USING (team)
     WHERE t.team = :team AND (asking.sees_all OR own.team IS NOT NULL)""")

PROJECTS = text(f"""{ASKING}
    SELECT p.project AS code, p.name, p.stage, p.priority, p.priority_reason, p.team, t.name AS team_name, own.role
      FROM asking, projects p JOIN teams t USING (team) LEFT JOIN own USING (team)
     WHERE (asking.sees_all OR own.team IS NOT NULL) AND (cast(:team AS text) IS NULL OR p.team = :team)
     ORDER BY p.team, p.project""")

SEES_CHANGES = text(f"""{ASKING}
    SELECT EXISTS (SELECT 1 FROM persons WHERE person = :actor AND active AND roles && '{{admin,base_manager}}')
        OR (:kind = 'team' AND EXISTS (SELECT 1 FROM own WHERE team = :code AND role = 'lead'))""")

NAMES = text("SELECT person, name FROM persons WHERE person = ANY(:people)")

TOKENS = text("""
    SELECT token::text, name, prefix, scopes, created_at, expires_at, last_used_at FROM tokens
     WHERE person = :actor AND revoked_at IS NULL ORDER BY created_at DESC, token""")

DEVICE_BY_SECRET = text("""
    SELECT device::text, name, facility FROM devices WHERE hash = :hash AND revoked_at IS NULL""")

DEVICES = text("""
    SELECT d.device::text, d.name, d.facility, d.created_at, d.paired_at, p.name AS created_by_name
      FROM devices d JOIN persons p ON p.person = d.created_by
      JOIN persons asking ON asking.person = :actor AND asking.active
     WHERE d.revoked_at IS NULL AND (d.paired_at IS NOT NULL OR d.code_until > now())
       AND (asking.roles && ARRAY['admin', 'base_manager']
            OR 'facility_manager' = ANY(asking.roles) AND d.facility = ANY(asking.manages))
     ORDER BY d.facility NULLS LAST, d.created_at""")


def identity(connection, person):
    """Who somebody is now. Raises Unauthenticated for the unknown and the disabled.

    Sessions that began before ``password_set_at`` are over.
    """
    return one(connection, IDENTITY, Unauthenticated, person=str(person))


def identity_by_token(connection, secret):
    """The identity behind a token, with its ``scopes``. Raises Unauthenticated for every token that does not count."""
    if not token_rules.is_well_formed(str(secret)):
        raise Unauthenticated
    return one(connection, IDENTITY_BY_TOKEN, Unauthenticated, hash=token_rules.hash_of(secret))


def people(connection, actor):
    return items(connection, PEOPLE, actor=str(actor), sees_all=list(SEES_ALL))


def delegates(connection, actor):
    """Who may decide for the actor while they are on leave."""
    return items(connection, DELEGATES, actor=str(actor), sees_all=list(SEES_ALL))


def teams(connection, actor):
    """``role`` is the actor's own in the team, if any."""
    return items(connection, TEAMS, actor=str(actor), sees_all=list(SEES_ALL))


def team(connection, actor, team):
    """A team with members and projects. Raises NotFound, also when the actor may not see it."""
    return one(connection, TEAM_WITH_ALL, NotFound, actor=str(actor), team=str(team), sees_all=list(SEES_ALL))


def projects(connection, actor, team=None):
    """The projects of a team, or of all teams that the actor may see. Raises NotFound like ``team``."""
    asked = {"actor": str(actor), "sees_all": list(SEES_ALL)}
    if team is not None:
        one(connection, TEAM_WITH_ALL, NotFound, **asked, team=str(team))
    return items(connection, PROJECTS, **asked, team=team and str(team))


def changes(connection, actor, kind, code):
    """Who changed a team or a person, newest first. Raises NotFound, also for who may not see it."""
    asked = {"actor": str(actor), "sees_all": list(SEES_ALL), "kind": str(kind), "code": str(code)}
    if kind not in ("team", "person") or not connection.execute(SEES_CHANGES, asked).scalar():
        raise NotFound
    entries = audit.changes(connection, f"{kind}:{code}")
    names = dict(connection.execute(NAMES, {"people": [entry["actor"] for entry in entries]}).all())
    return {"items": [entry | {"actor_name": names.get(entry["actor"])} for entry in entries]}


def tokens(connection, actor):
    """The actor's own tokens that are not revoked, newest first; expired ones included."""
    return items(connection, TOKENS, actor=str(actor))


def identity_by_device(connection, secret):
    """The screen behind a secret, as who asks. Raises Unauthenticated for one that is not known, or was revoked."""
    row = connection.execute(DEVICE_BY_SECRET, {"hash": device_rules.hash_of(str(secret))}).mappings().first()
    if row is None:
        raise Unauthenticated
    return device_rules.identity_of(row)


def devices(connection, actor):
    """The screens that the actor looks after: paired ones, and those that wait for their code."""
    return {"items": [dict(row) for row in connection.execute(DEVICES, {"actor": str(actor)}).mappings()]}


def one(connection, statement, missing, **arguments):
    row = connection.execute(statement, arguments).mappings().first()
    if row is None:
        raise missing
    return dict(row)


def items(connection, statement, **arguments):
    return {"items": [dict(row) for row in connection.execute(statement, arguments).mappings()]}
