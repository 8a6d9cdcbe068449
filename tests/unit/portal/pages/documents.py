"""Reading a page in tests: its visible text, its elements, its inline style and script."""

from html.parser import HTMLParser

VOID = {"input", "meta", "link", "img", "br", "path", "rect"}


class Document(HTMLParser):
    """All start tags with their attributes, and the text outside of script and style."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag in VOID or self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open) and data.strip():
            self.texts.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        """The attributes of the elements of a kind; ``class_`` must be among the classes."""
        kind = wanted.pop("class_", None)
        return [
            attributes
            for name, attributes in self.tags
            if name == tag
            and (kind is None or kind in (attributes.get("class") or "").split())
            and all(attributes.get(key.replace("_", "-")) == value for key, value in wanted.items())
        ]

    def value(self, name: str) -> str | None:
        return next(
            (tag.get("value") for kind, tag in self.tags if kind in ("input", "textarea") and tag.get("name") == name),
            None,
        )


def read(html: str) -> Document:
    document = Document()
    document.feed(html)
    document.close()
    assert not document.open, f"left open: {document.open}"
    return document
