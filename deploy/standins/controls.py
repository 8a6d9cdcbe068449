"""What both stand-ins answer alike: health, the fault switch, and the files of their pages."""

from pathlib import Path

from deploy.standins.faults import FaultRefused, Faults
from deploy.standins.web import Reply, Request, Routes, json_reply, redirect

STATIC = Path(__file__).parent / "static"
STATIC_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def add_controls(routes: Routes, faults: Faults) -> None:
    def set_fault(request: Request) -> Reply:
        try:
            faults.add(request.json())
        except FaultRefused as refused:
            return json_reply({"error": "invalid_fault", "errors": refused.args[0]}, 422)
        return json_reply({"faults": faults.waiting()}, 201)

    def clear_faults(_request: Request) -> Reply:
        faults.clear()
        return Reply(status=204)

    def clear_from_page(_request: Request) -> Reply:
        faults.clear()
        return redirect("/")

    routes.add("GET", "/healthz", lambda _request: json_reply({"status": "ok"}))
    routes.add("GET", "/api/faults", lambda _request: json_reply({"faults": faults.waiting()}))
    routes.add("POST", "/api/faults", set_fault)
    routes.add("DELETE", "/api/faults", clear_faults)
    routes.add("POST", "/faults/clear", clear_from_page)
    for file in STATIC.iterdir():
        routes.add("GET", f"/{file.name}", lambda _request, file=file: static_reply(file))


def static_reply(file: Path) -> Reply:
    return Reply(file.read_bytes(), content_type=STATIC_TYPES[file.suffix], headers={"Cache-Control": "max-age=60"})
