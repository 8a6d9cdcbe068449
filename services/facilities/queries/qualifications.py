"""Trainings, who has passed them, and who asks for one."""

from sqlalchemy import text

# Whoever decides about a training: base management, and managers of a facility that requires it.
ASKING = """
    WITH asking AS (SELECT person, manages, roles, roles && '{admin,base_manager}' AS decides_all
                      FROM people WHERE person = :actor AND active),
         requiring AS (SELECT unnest(qualifications) AS qualification, facility FROM facilities),
         deciding AS (SELECT q.qualification FROM qualifications q, asking
                       WHERE decides_all OR ('facility_manager' = ANY(roles) AND EXISTS (
                             SELECT 1 FROM requiring r
                              WHERE r.qualification = q.qualification AND r.facility = ANY(asking.manages))))"""

QUALIFICATIONS = text(f"""{ASKING}
    SELECT q.qualification AS code, q.names, q.active, q.version, g.until AS held_until,
           q.qualification IN (SELECT qualification FROM deciding) AS decides,
           ARRAY(SELECT facility FROM requiring r WHERE r.qualification = q.qualification ORDER BY facility)
               AS facilities,
           (SELECT t.training::text FROM trainings t
             WHERE t.person = :actor AND t.qualification = q.qualification AND t.state = 'requested') AS asked
      FROM asking, qualifications q
      LEFT JOIN grants g ON g.qualification = q.qualification AND g.person = :actor
     ORDER BY q.qualification""")

HOLDERS = text(f"""{ASKING}
    SELECT g.person, p.name, g.qualification, q.names, g.until
      FROM grants g JOIN deciding USING (qualification) JOIN qualifications q USING (qualification)
      LEFT JOIN people p USING (person)
     WHERE cast(:qualification AS text) IS NULL OR g.qualification = :qualification
     ORDER BY g.qualification, g.until, g.person LIMIT 5000""")

TRAININGS = text(f"""{ASKING}
    SELECT t.training::text AS id, t.person, p.name, t.qualification, q.names, t.facility, t.note, t.state, t.reason,
           t.version, t.changed_at, deciding.qualification IS NOT NULL AND t.state = 'requested' AS decides
      FROM asking, trainings t JOIN qualifications q USING (qualification)
      LEFT JOIN deciding USING (qualification) LEFT JOIN people p ON p.person = t.person
     WHERE (deciding.qualification IS NOT NULL OR t.person = :actor)
       AND (cast(:state AS text) IS NULL OR t.state = :state)
     ORDER BY t.state = 'requested' DESC, t.changed_at DESC LIMIT 200""")


def qualifications(connection, actor):
    """All trainings; ``held_until`` is the actor's own, ``asked`` the wish that waits, ``decides`` whether they may."""
    return items(connection, QUALIFICATIONS, actor=str(actor))


def holders(connection, actor, qualification=None):
    """Who is qualified for the trainings that the actor decides about; who ends first comes first."""
    return items(connection, HOLDERS, actor=str(actor), qualification=qualification and str(qualification))


def trainings(connection, actor, state=None):
    """The actor's own wishes, and those that the actor decides about; what waits comes first."""
    return items(connection, TRAININGS, actor=str(actor), state=state and str(state))


def items(connection, statement, **values):
    return {"items": [dict(row) for row in connection.execute(statement, values).mappings()]}
