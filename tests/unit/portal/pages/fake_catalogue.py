"""The catalogue, the teams and the people of the small base."""

from typing import Any

from services.contracts.commands.facilities import FacilityFields

PASSWORD = "a demo password"
CATALOGUE = [
    ("LINE-1", "line", "环形流水线", "Ring assembly line", 1),
    ("LINE-2", "line", "SMT 贴装中试线", "SMT pilot line", 1),
    ("LAB-1", "lab", "高低温老化", "High/low-temperature ageing", 4),
    ("LAB-2", "lab", "湿热与温度冲击", "Damp heat and thermal shock", 2),
    ("LAB-3", "lab", "电磁兼容", "Electromagnetic compatibility", 1),
    ("LAB-4", "lab", "振动与机械冲击", "Vibration and shock", 1),
    ("LAB-5", "lab", "盐雾腐蚀", "Salt spray", 1),
    ("LAB-6", "lab", "电气安规", "Electrical safety", 1),
    ("LAB-7", "lab", "功率器件", "Power devices", 1),
    ("LAB-8", "lab", "光电性能", "Optoelectronics", 1),
    ("LAB-9", "lab", "失效分析", "Failure analysis", 1),
    ("PLAT-01", "platform", "纳米银薄膜", "Nano-silver film", 1),
    ("PLAT-02", "platform", "功率模块封装", "Power module packaging", 1),
    ("PLAT-03", "platform", "光电芯片耦合", "Photonic chip coupling", 1),
    ("PLAT-04", "platform", "柔性电子印刷", "Flexible electronics printing", 1),
    ("PLAT-05", "platform", "PCB 快速打样", "Quick-turn PCB", 1),
    ("PLAT-06", "platform", "传感器封装与标定", "Sensor packaging and calibration", 1),
    ("PLAT-07", "platform", "充电桩联调", "Charging-pile integration", 2),
    ("PLAT-08", "platform", "电池包与 BMS", "Battery pack and BMS", 1),
    ("PLAT-09", "platform", "电机对拖台架", "Motor dynamometer", 1),
    ("PLAT-10", "platform", "智能终端装配", "Smart device assembly", 1),
    ("PLAT-11", "platform", "精密点胶与激光加工", "Dispensing and laser work", 1),
    ("PLAT-12", "platform", "三维打印成型", "3D printing", 3),
]
TEAMS = ["海晏光电", "云杉物联", "启明车载", "拓岳射频", "锐科存储", "微澜电源", "北斗终端", "芯辰传感"]
PURPOSES = ["85 °C 老化，2 块板", "辐射发射预扫", "小批试产 200 件", "引脚强度试验", "标定曲线复测"]


def facility_of(code: str, kind: str, chinese: str, english: str, units: int) -> dict[str, Any]:
    described = described_facility(code, kind, chinese, english, units)
    left = {name: value for name, value in described.items() if name in FacilityFields.__dataclass_fields__}
    return vars(FacilityFields(**left)) | described


def described_facility(code: str, kind: str, chinese: str, english: str, units: int) -> dict[str, Any]:
    around = code == "LAB-1"
    hours = [[[0, 1440]]] * 7 if around else [[[480, 1320]]] * 5 + [[[540, 1080]], []]
    return {
        "facility": code,
        "kind": kind,
        "names": {"zh-Hans": chinese, "en": english},
        "descriptions": {
            "zh-Hans": f"{chinese}：从样机到小批，设备齐全，有工程师在场。",
            "en": f"{english}: from prototype to small series, with an engineer on site.",
        },
        "units": [
            {"code": f"{code}-{number}", "names": {"zh-Hans": f"{number} 号箱", "en": f"Chamber {number}"}}
            for number in range(1, units + 1)
        ],
        "opening_hours": hours,
        "granularity_minutes": 30,
        "shortest_minutes": 30,
        "longest_minutes": 60_000 if around else 2880,
        "notice_minutes": 0,
        "horizon_days": 90,
        "setup_minutes": 0,
        "cleardown_minutes": 30,
        "approval": "manager",
        "decision_hours": 24,
        "unit_choice": True,
        "equivalents": ["LAB-2"] if around else [],
        "location": "2 号楼 1 层",
        "active": True,
        "version": 3,
    }


def an_identity(person: str, name: str, roles: list[str], manages: list[str], teams: list[int]) -> dict[str, Any]:
    return {
        "person": person,
        "name": name,
        "email": f"{person}@example.org",
        "language": "zh-Hans",
        "active": True,
        "roles": roles,
        "manages": manages,
        "password_set_at": "2026-01-01T00:00:00+00:00",
        "teams": [
            {"code": f"team-{number:02d}", "name": TEAMS[number], "role": "member", "company": "c"} for number in teams
        ],
    }
