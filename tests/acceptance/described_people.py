"""Each operation on projects, trainings and the catalogue once, for a team and a training that nobody else asks of."""

from datetime import UTC, datetime, timedelta

from tests.waiting import until

NAMES = {"zh-Hans": "静培训", "en": "Quiet training"}


def projects(do, api, project):
    """A project of a team, from its beginning to its class of priority."""
    one = {"team": "team-28", "project": project}
    do("lead28", "POST", "projects", {"name": "静", **one})
    address = f"teams/{one['team']}/projects/{project}"
    until(lambda: api("member28").get(address).is_success, 30)
    do("member28", "GET", "teams/{team}/projects/{project}", **one)
    do("admin", "POST", "teams/{team}/projects/{project}/priority", {"priority": "key", "reason": "揭榜挂帅"}, **one)


def trainings(do, code):
    """A training that no facility requires: asked for, decided, given and taken away, and given up."""
    until_then = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    version = do("admin", "POST", "qualifications", {"qualification": code, "names": NAMES})["version"]
    wish = {"qualification": code, "note": "下周可到"}
    asked = do("member28", "POST", "trainings", wish)["training"]
    do("admin", "POST", "trainings/{training}/decide", {"until": until_then}, training=asked)
    again = do("member28", "POST", "trainings", wish)["training"]
    do("member28", "POST", "trainings/{training}/withdraw", None, training=again)
    assert len(do("member28", "GET", "trainings")["items"]) >= 2
    held = {each["code"]: each["held_until"] for each in do("member28", "GET", "qualifications")["items"]}
    assert held[code] is not None
    assert len(do("admin", "GET", "qualifications/holders", query={"qualification": code})["items"]) == 1
    taken = {"person": "member28", "qualification": code, "until": None}
    do("admin", "POST", "qualifications/grants", {"grants": [taken]})
    do("admin", "POST", "qualifications", {"qualification": code, "names": NAMES, "active": False, "version": version})


def catalogue(do, code):
    """The whole of it as data, a change of the training in it, and who made that."""
    everything = do("admin", "GET", "catalogue")
    entry = next(each for each in everything["qualifications"] if each["qualification"] == code)
    described = {"catalogue": {"qualifications": [entry | {"names": NAMES | {"en": "Quieter training"}}]}}
    would = do("admin", "POST", "catalogue/compare", described)
    assert do("admin", "POST", "catalogue", described) == would
    assert len(do("admin", "GET", "history", query={"kind": "qualification", "code": code})["items"]) == 3
