"""The request log on the page: what the provider made of a request, and what the client got to see."""

from markupsafe import Markup

from deploy.standins.layout import join, local_time
from deploy.standins.recent import Recent
from deploy.standins.wechat.tokens import Tokens

ROWS = 50
TABLE = Markup("""<div class="logged"><h2>{title}</h2><p>{tokens}</p></div>
<div class="scroll" tabindex="0" aria-label="{title}"><table><thead><tr><th>{at}</th><th>{route}</th><th>{to}</th>
<th>{accepted}</th><th>errcode</th><th>{seen}</th><th>{fault}</th></tr></thead><tbody>{rows}</tbody></table></div>""")
ROW = Markup("""<tr><td>{at}</td><td><code>{route}</code></td><td>{to}</td>
<td><span class="badge {style}">{accepted}</span></td><td>{errcode}</td><td>{seen}</td><td>{fault}</td></tr>""")


def log_table(requests: Recent, tokens: Tokens, texts: dict) -> Markup:
    rows = [_row(entry, texts) for entry in requests.newest_first(ROWS)]
    empty = Markup('<tr><td colspan="7">{}</td></tr>').format(texts["no_requests"])
    issued = " · ".join(f"{way} {count}" for way, count in tokens.issued.items()) or "0"
    heads = {name: texts[name] for name in ("at", "route", "to", "accepted", "seen", "fault")}
    return TABLE.format(title=texts["log"], tokens=f"{texts['tokens']}: {issued}", rows=join(rows) or empty, **heads)


def _row(entry: dict, texts: dict) -> Markup:
    outcome = "took" if entry["accepted"] else "unprocessed" if entry["errcode"] is None else "refused"
    errcode = "" if entry["errcode"] is None else f"{entry['errcode']} {entry['hint']}".strip()
    fault = f"{entry['fault'] or ''} {entry['fault_code'] or ''}"
    return ROW.format(
        at=local_time(entry["at"]),
        route=entry["path"].removeprefix("/cgi-bin/"),
        to=entry["to"] or "",
        style="ok" if entry["accepted"] else "bad",
        accepted=texts[outcome],
        errcode=errcode,
        seen=texts["nothing_seen" if entry["seen"] == "nothing" else entry["seen"]],
        fault=fault,
    )
