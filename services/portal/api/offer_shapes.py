"""What comes back of the ways to succeed, and of what stands in the way."""

from marshmallow import fields

from services.portal.api.parts import Shape, instant, many, maybe, one_of, text, texts, truth

WHYS = (
    "earlier", "later", "nearest", "other_unit", "equivalent_facility", "similar_run", "shared_run", "shorter", "split",
)


class Piece(Shape):
    unit = maybe()
    starts_at = instant()
    ends_at = instant()


class Alternative(Shape):
    """No unit where the system chooses it. What is split has pieces: a campaign of as many steps asks for it."""

    facility = text()
    unit = maybe()
    starts_at = instant()
    ends_at = instant()
    why = one_of(WHYS)
    pieces = fields.List(fields.Nested(Piece))


class Violation(Shape):
    rule = text()
    detail = text()
    waivable_by = texts()


class InTheWay(Shape):
    """Why there is nothing at a facility: all is taken, or these rules stand in the way everywhere."""

    facility = text()
    taken = truth()
    violations = many(Violation)


class Times(Shape):
    """The best times first; where there are none, what stands in the way at each facility."""

    items = many(Alternative)
    in_the_way = many(InTheWay)
