"""The operator's command line: what it does, what it prints, how it ends."""

import pytest
import yaml

from tests.integration.facilities.conftest import ENTRIES
from tests.unit.facilities.fakes import a_facility_entry


@pytest.fixture
def facts(engine):
    def told():
        with engine.connect() as connection:
            asked = "SELECT aggregate_id, version FROM verify.outbox ORDER BY aggregate_id, version"
            return [tuple(row) for row in connection.exec_driver_sql(asked)]

    return told


def test_importing_again_changes_nothing(base, operate, file_of, facts):
    before = facts()
    assert [version for _, version in before] == [1] * len(ENTRIES)
    assert operate("import", file_of(ENTRIES)) == 0
    assert facts() == before


def test_a_dry_run_prints_what_would_differ_and_keeps_nothing(base, operate, file_of, facts, capsys):
    before = facts()
    entries = [a_facility_entry(location="2 楼", active=False), a_facility_entry(facility="LAB-3")]
    capsys.readouterr()
    assert operate("import", file_of(entries), "--dry-run") == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed == ["LAB-1: location:  -> 2 楼", "LAB-1: active: True -> False", "LAB-3: new"]
    assert facts() == before
    assert operate("import", file_of(entries)) == 0
    assert set(facts()) - set(before) == {("LAB-1", 2), ("LAB-3", 1)}


def test_a_mistake_is_refused_and_names_the_facility(base, operate, file_of, facts, capsys):
    before = facts()
    entry = a_facility_entry(units=[], colour="red")
    for words in ((), ("--dry-run",)):
        assert operate("import", file_of([entry]), *words) == 1
        assert "LAB-1.colour" in capsys.readouterr().err
    del entry["colour"]
    assert operate("import", file_of([entry]), "--dry-run") == 1
    assert facts() == before


def test_what_is_exported_can_be_imported(base, operate, tmp_path, facts, capsys):
    capsys.readouterr()
    assert operate("export") == 0
    path = tmp_path / "export.yaml"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    exported = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [entry["site"] for entry in exported["sites"]] == ["BASE"]
    exported = exported["facilities"]
    assert [entry["facility"] for entry in exported] == ["LAB-1", "LAB-2", "LINE-1", "PLAT-01"]
    before = facts()
    assert operate("import", path) == 0
    assert facts() == before


def test_republishing_repeats_the_present_versions(base, operate, facts):
    before = facts()
    assert operate("republish") == 0
    assert facts() == sorted([("BASE", 1), *before * 2])


def test_each_end_has_its_exit_code(operate, monkeypatch, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("facilities: [", encoding="utf-8")
    assert operate("import", "/no/such/file") == 2
    assert operate("import", broken) == 2
    with pytest.raises(SystemExit) as ended:
        operate("no-such-verb")
    assert ended.value.code == 2
    monkeypatch.setenv("FACILITIES_DATABASE_URL", "postgresql://postgres@127.0.0.1:1/nothing")
    assert operate("republish") == 3
    monkeypatch.delenv("FACILITIES_DATABASE_URL")
    assert operate("republish") == 2


def test_holidays_come_from_the_library_where_it_knows_the_year(base, operate, engine, capsys):
    assert operate("holidays", 2026, 2098) == 0
    told = capsys.readouterr().out
    assert "2026 is known, revision 1" in told
    assert "2098 has not been published" in told
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT year, revision, actor FROM calendar_years").all()
    assert [tuple(row) for row in kept] == [(2026, 1, "operator")]
