"""The catalogue of the small base as data, and who changed it."""

CHANGE = {"section": "facilities", "code": "LAB-3", "new": False, "fields": {"location": ["1 层", "2 层"]}}


class FakeData:
    """``imported`` collects what was read in."""

    def catalogue(self, actor):
        return {"sites": [], "calendar": [], "qualifications": [], "facilities": [dict(self.facilities["LAB-3"])]}

    def compare_catalogue(self, actor, catalogue):
        return {"changes": [CHANGE] if catalogue.get("facilities") else []}

    def import_catalogue(self, **fields):
        self.imported.append(fields["catalogue"])
        return {"changes": [CHANGE]}

    def changes(self, actor, kind, code):
        told = {"actor": "admin", "actor_name": "系统管理员", "action": "SaveFacility", "at": self.now.isoformat()}
        if code not in self.facilities:
            return {"items": []}
        return {"items": [
            told | {"sequence": 2, "changed": {"names": [named("旧名"), named("新名")]}},
            told | {"sequence": 1, "actor": "operator", "actor_name": None, "changed": {"facility": [None, code]}},
        ]}


def named(name):
    return {"zh-Hans": name, "en": name}
