"""The template files, each read and compiled once, when it is first needed.

``templates/<step>/<language>.txt`` says what is particular to a step: the blocks ``state``,
``lead``, ``next`` and ``note``. The layouts put them into a subject, a plain text, an HTML
page and the note of a WeChat card. Only the HTML escapes; the same file serves all four.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound

FOLDER = Path(__file__).parents[1] / "templates"
STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
HIDDEN_STATEMENT = re.compile(r"<!--(\{%.*?%\})-->", re.DOTALL)


class Files(BaseLoader):
    """Loads templates; the styles of an HTML layout move into its elements here, once, and not with every mail."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Any]:
        path = FOLDER / template
        if not path.is_file():
            raise TemplateNotFound(template)
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            source = with_inline_styles(source)
        return source, str(path), lambda: True


def with_inline_styles(source: str) -> str:
    """Statements are dressed as comments meanwhile: between table rows nothing else survives an HTML parser."""
    dressed = STATEMENT.sub(lambda statement: f"<!--{statement[0]}-->", source)
    return HIDDEN_STATEMENT.sub(r"\1", css_inline.inline(dressed))


class Messages:
    """Every text of every step in every language."""

    def text(self, layout: str, facts: dict[str, Any]) -> str:
        template = environment_of(layout).get_template(f"{facts['step']}/{facts['language']}.txt")
        return template.render(facts).strip()


@cache
def environment_of(layout: str) -> Environment:
    """One per layout, which the files of the steps extend by the name ``layout``."""
    made = Environment(
        loader=Files(),
        autoescape=layout.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
    )
    made.globals["layout"] = f"layout/{layout}"
    return made
