"""What the README names is there, and it explains each word once."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FOLDERS = ("services", "deploy", "tests")
NAMED = re.compile(r"`((?:[\w*-]+/)*[\w*-]+(?:/|\.py|\.yml))`")


def everything():
    """Every file and folder, a folder with a slash at its end."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
    return [f"{path.relative_to(ROOT)}{'/' * path.is_dir()}" for path in paths]


def test_each_file_that_is_named_is_there():
    """After the first of a row, a name is told without the folders in front of it."""
    there, named = everything(), NAMED.findall(README)
    assert len(named) > 80
    patterns = {name: re.compile(f"(.*/)?{re.escape(name).replace(re.escape('*'), '[^/]*')}") for name in named}
    assert [name for name, pattern in patterns.items() if not any(map(pattern.fullmatch, there))] == []


def test_each_word_is_explained_once():
    table = README[README.index("## Words"):README.index("## To change something")]
    words = [word.strip() for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[1:] for word in row.split(",")]
    assert sorted(set(words)) == sorted(words)
