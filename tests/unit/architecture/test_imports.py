"""Who may import whom (the design's import rules), read from the source and not from memory."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SERVICES = ROOT / "services"
MODULES = sorted(path for path in SERVICES.rglob("*.py") if "migrations" not in path.parts)

PURE_LIBRARIES = {"zoneinfo", "dateutil", "chinese_calendar", "ortools"}
CONTRACTS_FOR_A_DOMAIN = {"services.contracts." + name for name in ("commands", "events", "errors", "values")}


def imported(path):
    """Every module a file names in an import, relative ones not being used here."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place(path):
    return path.relative_to(SERVICES).as_posix()


def uses(path, *packages):
    return [name for name in imported(path) if name.split(".")[0] in packages]


def is_domain(path):
    return "domain" in path.relative_to(SERVICES).parts


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_a_service_imports_itself_and_the_contracts(path):
    own = path.relative_to(SERVICES).parts[0]
    allowed = {own, "contracts"}
    foreign = [name for name in imported(path) if name.startswith("services.") and name.split(".")[1] not in allowed]
    assert not foreign


@pytest.mark.parametrize("path", [path for path in MODULES if is_domain(path)], ids=place)
def test_a_domain_is_pure(path):
    own = ".".join(path.relative_to(ROOT).parts[:3])
    for name in imported(path):
        top = name.split(".")[0]
        if top == "services":
            contract = ".".join(name.split(".")[:3])
            assert name.startswith(own) or contract in CONTRACTS_FOR_A_DOMAIN or name == "services.contracts", name
        else:
            assert top in sys.stdlib_module_names or top in PURE_LIBRARIES, name
    assert not uses(path, "os", "random", "secrets", "time", "socket", "sqlite3", "subprocess", "threading", "logging")


@pytest.mark.parametrize("path", [path for path in MODULES if is_domain(path)], ids=place)
def test_a_domain_asks_no_clock(path):
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & {"now", "utcnow", "today", "uuid4", "uuid1"}


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_frameworks_stay_in_their_rooms(path):
    room = place(path)
    messaging = room.startswith("contracts/messaging/")
    if not (messaging or path.name in ("service.py", "dependencies.py")):
        assert not uses(path, "nameko", "kombu", "amqp", "eventlet"), room
    asks = "/queries/" in room or path.name in ("queries.py", "dependencies.py", "operations.py")
    if not (messaging or "/storage/" in room or asks):
        assert not uses(path, "sqlalchemy", "psycopg2", "alembic"), room
    if not room.startswith("portal/"):
        assert not uses(path, "flask", "flask_smorest", "flask_wtf", "flask_babel"), room


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_files_keep_to_their_budget(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_the_contracts_know_only_the_standard_library_and_marshmallow():
    for path in (SERVICES / "contracts").glob("*.py"):
        for name in imported(path):
            top = name.split(".")[0]
            assert (
                top in sys.stdlib_module_names or top == "services" or (top == "marshmallow" and path.stem == "schemas")
            ), name


def test_only_its_own_process_loads_the_solver():
    """It is large, and blocks whatever shares a thread with it."""
    solver = "services.booking.domain.replan.solver"
    assert [place(path) for path in MODULES if solver in imported(path)] == ["booking/solving.py"]
    assert [place(path) for path in MODULES if uses(path, "ortools")] == ["booking/domain/replan/solver.py"]


DOORS = [
    path for path in MODULES
    if (path.name == "service.py" or path.stem.endswith("_doors")) and "live" not in path.parts
]


@pytest.mark.parametrize("path", DOORS, ids=place)
def test_every_method_of_a_service_is_a_door(path):
    """One that lost its decorator would be a call that nobody answers."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
            assert not [each.name for each in methods if not each.decorator_list and not each.name.startswith("_")]
