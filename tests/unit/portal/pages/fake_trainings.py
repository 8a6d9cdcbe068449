"""Trainings of the small base: one that LAB-3 requires, who holds it, and who asks for it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

NAMES = {"zh-Hans": "电磁兼容上机", "en": "EMC operation"}
WISH = str(UUID(int=77))


class FakeTrainings:
    """``trained`` collects the commands that came."""

    trained: list[tuple[str, dict[str, Any]]]

    def qualifications(self, actor):
        decides = actor != "member01"
        asked = WISH if any(name == "request_training" for name, _ in self.trained) else None
        return {"items": [{
            "code": "EMC", "names": NAMES, "active": True, "version": 1, "facilities": ["LAB-3"], "decides": decides,
            "held_until": (self.now + timedelta(days=12)).isoformat() if decides else None, "asked": asked,
        }]}

    def holders(self, actor, qualification=None):
        until = (self.now + timedelta(days=12)).isoformat()
        held = {"person": "member01", "name": "李薇", "qualification": "EMC", "names": NAMES, "until": until}
        return {"items": [held]}

    def trainings(self, actor, state=None):
        return {"items": [{
            "id": WISH, "person": "member01", "name": "李薇", "qualification": "EMC", "names": NAMES,
            "facility": "LAB-3", "note": "下周三之前", "state": "requested",
            "reason": "", "version": 1, "decides": actor != "member01",
            "changed_at": self.now.isoformat(),
        }]}

    def request_training(self, **fields):
        self.trained.append(("request_training", fields))
        return {"training": WISH, "state": "requested"}

    def withdraw_training(self, **fields):
        self.trained.append(("withdraw_training", fields))
        return {"training": WISH, "state": "withdrawn"}

    def decide_training(self, **fields):
        self.trained.append(("decide_training", fields))
        return {"training": WISH, "state": "granted"}

    def grant_qualifications(self, **fields):
        self.trained.append(("grant_qualifications", fields))
        return {"grants": len(fields["grants"])}

    def save_qualification(self, **fields):
        self.trained.append(("save_qualification", fields))
        return {"qualification": fields["qualification"], "version": 2}
