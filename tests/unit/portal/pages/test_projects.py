"""Projects: the list, the way over the base, and who changes what."""


def test_a_projects_page_shows_its_way_and_how_mature_it_is(member):
    document = member.page("/projects/team-00/team-00-p1")
    stages = [attributes for tag, attributes in document.tags if tag == "li" and "aria-current" in attributes]
    assert "车规级电源模块" in document.text
    assert "重点项目" in document.text
    assert len(stages) == 1
    assert document.text.index("概念验证") < document.text.index("量产")


def test_the_stations_are_in_order_and_lead_to_the_reservations(member, services):
    document = member.page("/projects/team-00/team-00-p1")
    own = [each["id"] for each in services.journey("member01", "team-00", "team-00-p1")["stations"]]
    links = [attributes.get("href", "").rpartition("/")[2] for tag, attributes in document.tags if tag == "a"]
    assert own
    assert [link for link in links if link in own] == own


def test_base_management_sets_the_priority_with_a_reason(admin, services):
    assert admin.post("/projects/team-00/team-00-p1", {"priority": "urgent", "reason": "客户审厂"}).status_code == 303
    assert (services.ranked[0]["priority"], services.ranked[0]["reason"]) == ("urgent", "客户审厂")


def test_members_are_offered_nothing_to_change(member):
    document = member.page("/projects/team-00/team-00-p1")
    assert not document.all("select", name="priority")
    assert not document.all("select", name="stage")
    assert member.post("/projects/team-00/team-00-p1", {"name": "x", "stage": "pilot"}).status_code == 403


def test_an_unknown_stage_is_none_that_could_be_stored(admin, services):
    admin.post("/projects", {"project": "P9", "name": "新项目", "team": "team-00", "stage": "sold out"})
    assert services.ranked[0]["stage"] == "concept"
