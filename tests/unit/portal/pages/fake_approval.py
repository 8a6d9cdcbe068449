"""Approval in memory: stages, exceptions, files, and who stands in for whom."""

import base64
from uuid import uuid4

from services.contracts.errors import InvalidInput, NotFound

NAMES = (
    "describe_reservation", "add_attachment", "remove_attachment", "attachment", "approval_samples",
)


class FakeApproval:
    """Expects ``reservations`` and ``people`` of the class that mixes it in."""

    def describe_reservation(self, **fields):
        item = self.reservations[fields["reservation"]]
        item["purpose"] = fields["purpose"]
        item["run"] = {name: fields[name] for name in ("people", "operator", "answers")}
        return {"id": item["id"], "state": item["state"], "version": item["version"]}

    def add_attachment(self, **fields):
        content = base64.b64decode(fields["content"])
        if not content.startswith(b"%PDF"):
            raise InvalidInput(errors={"content": ["unknown_type"]})
        item = self.reservations[fields["reservation"]]
        file = {
            "id": str(uuid4()), "name": fields["name"], "type": "application/pdf", "size": len(content),
            "sha256": "0" * 64, "added_by": fields["actor"], "added_at": self.now.isoformat(),
        }
        item.setdefault("attachments", []).append(file | {"content": fields["content"]})
        return {"id": item["id"], "state": item["state"], "version": 2, "attachment": file["id"]}

    def remove_attachment(self, **fields):
        item = self.reservations[fields["reservation"]]
        item["attachments"] = [each for each in item["attachments"] if each["id"] != fields["attachment"]]
        return {"id": item["id"], "state": item["state"], "version": 3}

    def attachment(self, actor, reservation, attachment):
        files = self.reservations[reservation].get("attachments", ())
        found = next((each for each in files if each["id"] == attachment), None)
        if found is None:
            raise NotFound
        return found

    def approval_samples(self, actor, approval, stages, lengths):
        asked = [stage["by"] for stage in stages] if approval == "stages" else []
        return {"items": [{"minutes": each, "hazard": False, "stages": asked} for each in lengths]}

    def delegates(self, actor):
        return {"items": [{"person": "admin", "name": "系统管理员"}]}

    def set_leave(self, **fields):
        person = self.people[fields["actor"]]
        person["leave"] = None
        if fields.get("delegate"):
            person["leave"] = {
                "delegate": fields["delegate"], "name": "系统管理员",
                "starts_at": fields["starts_at"], "ends_at": fields["ends_at"],
            }
        return {"person": fields["actor"], "version": 2}

    def team(self, actor, team):
        return {"code": team, "members": [
            {"person": "member01", "name": "李薇", "role": "member", "active": True},
            {"person": "member02", "name": "周敏", "role": "lead", "active": True},
        ], "projects": []}
