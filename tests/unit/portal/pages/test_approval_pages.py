"""The pages of approval: stages, exceptions, answers, files, leave, and what managers set."""

import io

import pytest

from services.contracts.errors import RuleBroken

MATERIAL = {
    "code": "material", "names": {"zh-Hans": "材料", "en": "Material"}, "kind": "choice", "required": True,
    "hazard": ["solvent"], "choices": [
        {"code": "solvent", "names": {"zh-Hans": "溶剂", "en": "Solvent"}},
        {"code": "none", "names": {"zh-Hans": "无", "en": "None"}},
    ],
}
STAGES = [{"stage": "lead", "state": "done"}, {"stage": "manager", "state": "waiting"}]


@pytest.fixture
def waiting(services):
    """A request of member01's at LAB-3, half agreed to, by exception, with an answer."""
    item = next(
        each for each in services.reservations.values()
        if each["state"] == "requested" and each["team"] == "team-00" and each["facility"].startswith("LAB")
    )
    services.facilities[item["facility"]] |= {"questions": [MATERIAL], "attachments": "required"}
    return item


def with_stages(services, item):
    """What booking tells of it beside its fields."""
    found = services.answers["booking", "reservation"]

    def reservation(actor, reservation):
        told = found(actor, reservation)
        return told | {
            "stages": STAGES, "waivers": [{"rule": "too_long", "facts": {"longest_minutes": 480}}],
            "exception": "客户周六审核", "run": {"people": 3, "answers": {"material": "solvent"}},
            "takes_files": "required", "attachments": item.get("attachments", []),
            "allowed_actions": [*told["allowed_actions"], "describe", "attach", "detach"],
        }

    services.answers["booking", "reservation"] = reservation


def test_a_request_shows_how_far_it_is_and_what_it_says(services, member, waiting):
    with_stages(services, waiting)
    page = member.page(f"/reservations/{waiting['id']}")
    for words in ("团队负责人", "已同意", "设施管理员", "审批中", "客户周六审核", "8 小时", "溶剂", "危险", "现场人数"):
        assert words in page.text, words
    assert page.all("li", class_="stage-waiting")[0]["aria-current"] == "step"


def test_files_are_attached_read_and_taken_away(services, member, waiting):
    with_stages(services, waiting)
    address = f"/reservations/{waiting['id']}"
    assert "须先上传附件才能批准" in member.page(address).text
    wrong = member.post(f"{address}/attachments", {"file": (io.BytesIO(b"MZ"), "plan.pdf")})
    assert wrong.status_code == 422
    assert "仅支持不含宏的" in wrong.text
    none = member.post(f"{address}/attachments", {})
    assert "请填写" in none.text
    assert member.post(f"{address}/attachments", {"file": (io.BytesIO(b"%PDF-1"), "试验.pdf")}).status_code == 303
    (file,) = waiting["attachments"]
    read = member.get(f"{address}/attachments/{file['id']}")
    assert (read.data, read.headers["Content-Type"]) == (b"%PDF-1", "application/octet-stream")
    assert read.headers["Content-Disposition"].startswith("attachment;")
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    assert "试验.pdf" in member.page(address).text
    assert member.post(f"{address}/attachments/{file['id']}/remove").status_code == 303
    assert waiting["attachments"] == []


def test_what_a_request_says_is_changed_while_it_waits(services, member, waiting):
    with_stages(services, waiting)
    address = f"/reservations/{waiting['id']}/describe"
    form = member.page(address)
    assert form.value("people") == "3"
    assert "selected" in form.all("option", value="solvent")[0]
    changed = {"purpose": "复测", "people": "2", "operator": "member02", "answer.material": "none", "version": "1"}
    assert member.post(address, changed).status_code == 303
    assert waiting["run"] == {"people": 2, "operator": "member02", "answers": {"material": "none"}}


def test_a_form_asks_the_facilitys_questions_and_offers_an_exception(services, member):
    services.facilities["LAB-3"] |= {"questions": [MATERIAL], "most_people": 4, "attachments": "optional"}
    page = member.page("/reservations/new?facility=LAB-3")
    assert page.all("select", name="answer.material")
    assert page.all("input", name="people")[0]["max"] == "4"
    assert page.all("option", value="member02")
    assert "提交申请后可以上传附件" in page.text

    def refusing(**fields):
        violations = [{"rule": "too_long", "facts": {"longest_minutes": 480}, "waivable_by": ["base_manager"]}]
        if fields["exception"]:
            asked.append(fields)
            return {"id": next(iter(services.reservations)), "state": "requested", "version": 1, "awaits": "base"}
        raise RuleBroken(violations=violations, alternatives=[])

    asked = []
    services.answers["booking", "request_reservation"] = refusing
    form = {
        "facility": "LAB-3", "start_day": "2027-01-12", "start_clock": "09:00", "end_day": "2027-01-12",
        "end_clock": "12:00", "team": "team-00", "purpose": "老化", "people": "2", "answer.material": "solvent",
    }
    refused = member.post("/reservations", form)
    assert refused.status_code == 422
    for words in ("申请例外", "由基地管理方审批"):
        assert words in refused.text
    accepted = member.post("/reservations", form | {"exception": "客户周六审核"})
    assert accepted.status_code == 303
    assert (asked[0]["exception"], asked[0]["people"], asked[0]["answers"]) == (
        "客户周六审核", 2, {"material": "solvent"})


def test_what_nobody_may_waive_offers_no_exception(services, member):
    def refusing(**fields):
        raise RuleBroken(violations=[{"rule": "in_the_past", "facts": {}, "waivable_by": []}], alternatives=[])

    services.answers["booking", "request_reservation"] = refusing
    form = {"facility": "LAB-3", "start_day": "2027-01-12", "start_clock": "09:00", "end_day": "2027-01-12",
            "end_clock": "12:00", "team": "team-00", "purpose": "老化"}
    assert "申请例外" not in member.post("/reservations", form).text


def test_the_queue_shows_stages_exceptions_answers_and_files(services, manager, waiting):
    found = services.answers["booking", "approvals"]
    file = {"id": waiting["id"], "name": "plan.pdf", "size": 1000, "added_at": services.now.isoformat()}
    services.answers["booking", "approvals"] = lambda actor: {"items": [
        each | {
            "stages": STAGES, "exception": "客户周六审核", "waivers": [{"rule": "too_short", "facts": {
                "shortest_minutes": 60}}], "run": {"people": 3, "answers": {"material": "solvent"}},
            "attachments": [file], "facility": waiting["facility"],
        } for each in found(actor)["items"][:1]
    ]}
    text = manager.page("/approvals").text
    for words in ("审批中", "客户周六审核", "溶剂", "plan.pdf"):
        assert words in text, words


def test_a_queue_that_is_longer_than_the_page_says_so(services, manager):
    assert "先显示最紧急的" not in manager.page("/approvals").text
    shown = len(services.approvals("manager-labs")["items"])
    services.answers["booking", "approvals_count"] = {"count": shown + 1}
    assert f"先显示最紧急的 {shown} 个" in manager.page("/approvals").text


def test_a_lead_and_a_delegate_have_a_queue_and_no_pages_of_the_base(services, as_person):
    services.people["member01"]["teams"][0]["role"] = "lead"
    lead = as_person("member01")
    assert "/approvals" in lead.get("/").text
    assert "/manage" not in lead.get("/").text
    assert "/account/leave" in lead.get("/account").text


def test_going_on_leave_and_coming_back(services, manager):
    saved = manager.post("/account/leave", {"delegate": "admin", "first": "2027-02-01", "last": "2027-02-05"})
    assert saved.status_code == 303
    leave = services.people["manager-labs"]["leave"]
    assert (leave["delegate"], leave["starts_at"], leave["ends_at"]) == (
        "admin", "2027-01-31T16:00:00+00:00", "2027-02-05T16:00:00+00:00")
    page = manager.page("/account/leave")
    assert (page.value("first"), page.value("last")) == ("2027-02-01", "2027-02-05")
    assert manager.post("/account/leave", {"end": "1"}).status_code == 303
    assert services.people["manager-labs"]["leave"] is None
    wrong = manager.post("/account/leave", {"delegate": "", "first": "2027-02-01", "last": ""})
    assert wrong.status_code == 422
    assert "请填写" in wrong.text


def test_a_manager_sets_questions_people_files_and_notice(services, manager):
    page = manager.page("/facilities/LAB-3/edit/requests")
    assert page.all("input", name="q1.code")
    form = {
        "version": "3", "most_people": "6", "change_notice_minutes": "60", "cancel_notice_minutes": "1440",
        "attachments": "required", "details": "company",
        "q0.code": "material", "q0.zh": "材料", "q0.en": "Material", "q0.kind": "choice", "q0.required": "yes",
        "q0.choices": "solvent | 溶剂 | Solvent | !\nnone | 无 | None", "q1.code": "battery", "q1.zh": "电池",
        "q1.en": "Battery", "q1.kind": "yes_no", "q1.hazard": "yes", "q2.code": "",
    }
    assert manager.post("/facilities/LAB-3/edit/requests", form).status_code == 303
    saved = services.facilities["LAB-3"]
    assert saved["questions"][0] == MATERIAL
    assert (saved["questions"][1]["kind"], saved["questions"][1]["hazard"]) == ("yes_no", ["yes"])
    assert (saved["most_people"], saved["attachments"], saved["details"], saved["cancel_notice_minutes"]) == (
        6, "required", "company", 1440)
    shown = manager.page("/facilities/LAB-3/edit/requests")
    assert shown.value("q1.zh") == "电池"
    assert "solvent | 溶剂 | Solvent | !" in shown.text
    card = manager.page("/facilities/LAB-3").text
    for words in ("现场最多 6 人", "须上传附件", "可改期", "可取消", "材料", "本企业的团队可见"):
        assert words in card
    assert manager.post("/facilities/LAB-3/edit/requests", form | {"most_people": "many"}).status_code == 422


def test_a_manager_sets_stages_and_sees_what_they_mean(services, manager):
    form = {
        "version": "3", "approval": "stages", "lead.asked": "yes", "manager.asked": "yes", "base.asked": "yes",
        "base.above": "48", "base.hazard": "yes", "decision_hours": "12", "escalation_hours": "4",
    }
    looked = manager.post("/facilities/LAB-3/edit/approval", form | {"look": "1"})
    assert looked.status_code == 200
    assert "团队负责人 → 设施管理员 → 基地管理方" in " ".join(looked.text.split())
    assert services.facilities["LAB-3"]["approval"] == "manager"
    assert manager.post("/facilities/LAB-3/edit/approval", form).status_code == 303
    saved = services.facilities["LAB-3"]
    assert (saved["approval"], saved["decision_hours"], saved["escalation_hours"]) == ("stages", 12, 4)
    assert saved["stages"] == [
        {"by": "lead", "above_minutes": 0, "on_hazard": False}, {"by": "manager", "above_minutes": 0,
        "on_hazard": False}, {"by": "base", "above_minutes": 2880, "on_hazard": True},
    ]
    card = " ".join(manager.page("/facilities/LAB-3").text.split())
    assert "1. 团队负责人 2. 设施管理员 3. 基地管理方（超过" in card
    assert "转基地管理方" in card
    assert manager.post("/facilities/LAB-3/edit/approval", form | {"base.above": "x"}).status_code == 422
    services.facilities["LAB-3"]["stages"] = [{"by": "lead"}]
    assert manager.page("/facilities/LAB-3/edit/approval").all("input", name="lead.asked")


@pytest.mark.parametrize("subject", ["requests", "approval"])
def test_only_who_manages_it_opens_the_forms(member, manager, subject):
    assert member.get(f"/facilities/LAB-3/edit/{subject}").status_code == 403
    assert manager.get(f"/facilities/PLAT-01/edit/{subject}").status_code == 403
