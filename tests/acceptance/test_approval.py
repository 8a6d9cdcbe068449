"""Approval on the whole stack: stages, exceptions, files and rights, as reliability asks of each door."""

import base64
from datetime import datetime, timedelta

import pytest


@pytest.fixture
def asked(api, slots):
    """A request of team 33 at LAB-7, which asks its lead, its manager, and base management about hazards."""

    def ask(**more):
        starts_at, ends_at = slots("LAB-7")
        body = {
            "facility": "LAB-7", "team": "team-33", "purpose": "双脉冲", "starts_at": starts_at.isoformat(),
            "ends_at": ends_at.isoformat(), "answers": {"energised": "yes"}, **more,
        }
        made = api("member33").post("reservations", json=body)
        assert made.status_code == 201, made.text
        return made.json()

    return ask


def attach(person, reservation, content=b"%PDF-1.7", name="方案.pdf"):
    body = {"name": name, "content": base64.b64encode(content).decode()}
    return person.post(f"reservations/{reservation}/attachments", json=body)


def test_stage_by_stage_and_by_nobody_else(api, asked):
    reservation = asked()["id"]
    for early in ("member33", "manager-labs"):
        assert api(early).step(reservation, "approve").status_code == 403
    states = [api(person).step(reservation, "approve").json() for person in ("lead33", "manager-labs", "base-manager")]
    assert [(each["state"], each["awaits"]) for each in states] == [
        ("requested", "manager"), ("requested", "base"), ("approved", None)]
    stages = api("member33").get(f"reservations/{reservation}").json()["stages"]
    assert [each["state"] for each in stages] == ["done", "done", "done"]


def test_a_lead_who_asks_is_not_asked_and_nobody_approves_the_own_request(api, slots):
    starts_at, ends_at = slots("LAB-7")
    made = api("lead33").reserve("LAB-7", (starts_at, ends_at), team="team-33", purpose="功率循环").json()
    assert made["awaits"] == "manager"
    assert api("lead33").step(made["id"], "approve").status_code == 403


def test_an_exception_waits_for_those_who_may_waive_all_of_it(api, asked):
    first = asked()
    far = datetime.fromisoformat(first["starts_at"]) + timedelta(days=350)
    body = {
        "facility": "LAB-7", "team": "team-33", "purpose": "审核", "starts_at": far.isoformat(),
        "ends_at": (far + timedelta(hours=2)).isoformat(),
    }
    refused = api("member33").post("reservations", json=body)
    assert (refused.status_code, refused.json()["violations"][0]["rule"]) == (422, "beyond_horizon")
    made = api("member33").post("reservations", json=body | {"exception": "客户只在那周派人"}).json()
    assert made["state"] == "requested"
    shown = api("base-manager").get(f"reservations/{made['id']}").json()
    assert ([each["rule"] for each in shown["waivers"]], shown["exception"]) == (
        ["beyond_horizon"], "客户只在那周派人")
    assert api("base-manager").step(made["id"], "approve").json()["state"] == "approved"


def test_files_are_told_by_their_content_and_read_by_those_with_rights_only(api, asked):
    reservation = asked()["id"]
    file = attach(api("member33"), reservation).json()["attachment"]
    address = f"reservations/{reservation}/attachments/{file}"
    read = api("manager-labs").get(address)
    assert (read.content, read.headers["x-content-type-options"]) == (b"%PDF-1.7", "nosniff")
    assert read.headers["content-disposition"].startswith("attachment")
    assert read.headers["content-type"] == "application/octet-stream"
    for stranger in ("member34", "lead34", "manager-lines"):
        assert api(stranger).get(address).status_code == 404
        assert api(stranger).request("DELETE", address).status_code == 404
        assert attach(api(stranger), reservation).status_code == 404
    for content in (b"MZ\x90\x00\x03", b"<svg xmlns='x'>\x00", b"PK\x03\x04 no archive"):
        assert attach(api("member33"), reservation, content).status_code == 422
    assert attach(api("member33"), reservation, b"%PDF-" + b"x" * 720_000).status_code == 422
    page = attach(api("member33"), reservation, b"<script>alert(1)</script>", "a.html").json()
    shown = api("member33").get(f"reservations/{reservation}").json()["attachments"]
    assert [each["name"] for each in shown if each["id"] == page["attachment"]] == ["a.html.txt"]
