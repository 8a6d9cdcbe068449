"""The facilities, and one with those who manage it."""

from sqlalchemy import text

from services.contracts.errors import NotFound

# A thing's own code is ``code`` in every answer; ``facility`` is the name of the field in SaveFacility.
FACILITY = "f.facility AS code, f.*"

FACILITIES = text(f"""
    SELECT {FACILITY} FROM facilities f
     WHERE cast(:kind AS text) IS NULL OR f.kind = :kind
     ORDER BY array_position('{{line,lab,platform}}', f.kind), f.facility""")

FACILITY_WITH_MANAGERS = text(f"""
    SELECT {FACILITY},
           coalesce((SELECT json_agg(json_build_object('person', p.person, 'name', p.name) ORDER BY p.person)
                       FROM people p
                      WHERE p.active AND 'facility_manager' = ANY (p.roles) AND p.manages @> ARRAY[f.facility]), '[]')
               AS managers,
           coalesce((SELECT json_object_agg(q.qualification, q.names) FROM qualifications q
                      WHERE q.qualification = ANY(f.qualifications)), '{{}}') AS qualification_names
      FROM facilities f WHERE f.facility = :facility""")


def facilities(connection, actor, kind=None):
    """Lines, then labs, then platforms, in the order of their codes."""
    found = connection.execute(FACILITIES, {"kind": None if kind is None else str(kind)}).mappings()
    return {"items": [dict(row) for row in found]}


def facility(connection, actor, facility):
    """A facility with those who manage it. Raises NotFound."""
    row = connection.execute(FACILITY_WITH_MANAGERS, {"facility": str(facility)}).mappings().first()
    if row is None:
        raise NotFound
    return dict(row)
