"""The frame of both pages. Markup.format escapes every value, so nothing that arrived can become part of the page."""

from datetime import UTC, datetime, timedelta, timezone

from markupsafe import Markup

from deploy.standins.web import Reply, Request, redirect

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
LANGUAGE_COOKIE = "standin_language"  # cookies know no ports: the portal's own must stay untouched
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FRAME = Markup("""<!doctype html>
<html lang="{code}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/standins.css">
<script src="/standins.js" defer></script>
<noscript><meta http-equiv="refresh" content="5"></noscript></head>
<body class="{kind}"><header class="top"><a class="brand" href="/"><span class="mark" aria-hidden="true"></span>{title}
</a><span class="tag">{tag}</span>
<a class="switch" href="?language={other}" lang="{other_code}">{other_name}</a></header>
<main>{body}</main></body></html>""")
FRAME_WORDS = {
    "zh": {"code": "zh-Hans", "other": "en", "other_code": "en", "other_name": "English", "tag": "仅限本机"},
    "en": {"code": "en", "other": "zh", "other_code": "zh-Hans", "other_name": "中文", "tag": "This machine only"},
}


def language(request: Request) -> str:
    """The language asked for: cookie, then browser, then Chinese."""
    for pair in (request.headers.get("Cookie") or "").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == LANGUAGE_COOKIE and value in FRAME_WORDS:
            return value
    return "en" if (request.headers.get("Accept-Language") or "").lower().startswith("en") else "zh"


def language_switch(request: Request) -> Reply | None:
    """The answer to a click on the other language: remember it and show the same page."""
    chosen = request.query.get("language")
    if chosen not in FRAME_WORDS:
        return None
    reply = redirect(request.path)
    reply.headers["Set-Cookie"] = f"{LANGUAGE_COOKIE}={chosen}; Path=/; SameSite=Lax; Max-Age=31536000"
    return reply


def page(request: Request, kind: str, title: str, body: Markup, status: int = 200) -> Reply:
    html = FRAME.format(**FRAME_WORDS[language(request)], kind=kind, title=title, body=body)
    return Reply(html.encode(), status, "text/html; charset=utf-8", {"Content-Security-Policy": POLICY})


def join(parts) -> Markup:
    return Markup("").join(parts)


def local_time(iso: str, today: datetime | None = None) -> str:
    """A UTC text as the base's local time; the date only when it is not today's."""
    moment = datetime.fromisoformat(iso).astimezone(SHANGHAI)
    today = today or datetime.now(UTC)
    same_day = moment.date() == today.astimezone(SHANGHAI).date()
    return moment.strftime("%H:%M:%S" if same_day else "%m-%d %H:%M")


def form_button(action: str, label: str, style: str = "") -> Markup:
    return Markup('<form method="post" action="{}"><button class="{}">{}</button></form>').format(action, style, label)


def fault_strip(faults: list[dict], title: str, clear: str) -> Markup:
    """The faults waiting, so that nobody wonders why a message does not come."""
    if not faults:
        return Markup("")
    items = join(
        Markup("<code>{}</code>").format(" ".join(f"{key}={value}" for key, value in fault.items())) for fault in faults
    )
    button = form_button("/faults/clear", clear, "quiet")
    return Markup('<div class="faults"><b>{}</b>{}{}</div>').format(title, items, button)
