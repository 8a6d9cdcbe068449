"""Times that are found, in memory: what a test puts into ``times`` and ``blocked``."""


class FakeFinding:
    """Mixed into the fake base; ``looked_for`` holds what was asked last."""

    times, blocked = (), ()

    def find_times(self, actor, **wanted):
        self.looked_for = wanted
        return {"items": list(self.times), "in_the_way": [] if self.times else list(self.blocked)}
