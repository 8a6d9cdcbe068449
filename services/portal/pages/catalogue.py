"""The whole catalogue as a YAML file: to keep, to edit, to compare, and to read in again."""

from typing import Any

import yaml
from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext, ngettext

from services.contracts.commands import ImportCatalogue
from services.contracts.errors import InvalidInput, NotAllowed, Refusal
from services.portal.errors import status_of
from services.portal.pages import backend, blueprint
from services.portal.pages.field_names import field_name
from services.portal.pages.manage import BASE, SUBJECTS

MOST_NODES = 200_000
"""What an honest file of a megabyte holds at most. A few aliases of aliases could unfold to billions."""

SUBJECTS.append((
    "pages.catalogue", lazy_gettext("Catalogue as a file"),
    lazy_gettext("Export and import everything, with a look at the differences first."), BASE,
))


class Plain(yaml.SafeLoader):
    """Leaves a date as the text that it is in every command."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read(text: str) -> dict[str, Any]:
    """The sections of a file. Raises InvalidInput."""
    try:
        content = yaml.load(text, Loader=Plain)
        is_honest = count(content, MOST_NODES) > 0
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise InvalidInput(errors={f"line {line}": ["not_yaml"]}) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidInput(errors={"file": ["not_yaml"]}) from error
    if not is_honest:
        raise InvalidInput(errors={"file": ["too_many"]})
    if not isinstance(content, dict) or not all(isinstance(name, str) for name in content):
        raise InvalidInput(errors={"file": ["not_an_object"]})
    return {name: entries for name, entries in content.items() if name != "hours"}


def count(value: Any, left: int) -> int:
    """How many nodes are left of an allowance when all of a value is unfolded; 0 or less when it does not reach."""
    left -= 1
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        if left <= 0:
            return left
        left = count(each, left)
    return left


def require_base() -> None:
    """Raises NotAllowed."""
    if not BASE & set(backend.identity()["roles"]):
        raise NotAllowed


def page(status: int = 200, **more: Any) -> tuple[str, int]:
    context = {"text": "", "changes": None, "refusal": None, "errors": {}} | more
    return render_template(
        "catalogue.html", request_key=backend.new_key(), field_name=field_name, **context
    ), status


@blueprint.get("/manage/catalogue")
def catalogue() -> tuple[str, int]:
    require_base()
    return page()


@blueprint.get("/manage/catalogue.yaml")
def catalogue_file() -> Response:
    require_base()
    content = backend.ask("facilities", "catalogue")
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
    name = {"Content-Disposition": 'attachment; filename="catalogue.yaml"'}
    return Response(text, content_type="application/yaml; charset=utf-8", headers=name)


@blueprint.post("/manage/catalogue")
def import_catalogue() -> Response | tuple[str, int]:
    """Compare first; import only what was looked at."""
    require_base()
    file = request.files.get("file")
    text = file.read().decode("utf-8", "replace") if file and file.filename else request.form.get("text", "")
    try:
        content = read(text)
        if request.form.get("step") != "import":
            found = backend.ask("facilities", "compare_catalogue", backend.LONG_DEADLINE, catalogue=content)
            return page(text=text, changes=found["changes"])
        changes = backend.send(ImportCatalogue, backend.LONG_DEADLINE, catalogue=content)["changes"]
    except Refusal as refusal:
        return page(status_of(refusal), text=text, refusal=refusal, errors=refusal.facts.get("errors", {}))
    flash(ngettext("%(num)d change read in.", "%(num)d changes read in.", len(changes)))
    return redirect(url_for("pages.catalogue"), 303)
