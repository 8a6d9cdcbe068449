"""What comes back about approval: stages, exceptions, files, and who stands in for whom."""

from services.portal.api.parts import Shape, instant, one_of, text, whole

STAGES = ("lead", "manager", "base")


class Leave(Shape):
    person = text()
    version = whole()


class Delegate(Shape):
    person = text()
    name = text()


class Stage(Shape):
    """A stage of approval, and how far it is."""

    stage = one_of(STAGES)
    state = one_of(("skipped", "done", "unanswered", "waiting", "ahead", "ended"))


class Waiver(Shape):
    """A rule that does not count here, once the exception is approved."""

    rule = text()


class Attachment(Shape):
    id = text()
    name = text()
    type = text()
    size = whole()
    sha256 = text()
    added_by = text()
    added_at = instant()
