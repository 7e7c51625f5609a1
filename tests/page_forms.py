"""The forms of a page as a browser sees them, to send each with all that the page puts into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(slots=True)
class PageForm:
    """A form: where it goes, how, the texts that it holds as it stands, and its chooser of files."""

    action: str
    kind: str
    texts: dict[str, str] = field(default_factory=dict)
    chooser: str = ""


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[PageForm] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(PageForm(given.get("action", ""), given.get("enctype", "")))
            self._open = True
        elif tag == "input" and self._open and given.get("name"):
            form = self.found[-1]
            if given.get("type") == "file":
                form.chooser = given["name"]
            elif given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                form.texts[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False


def forms_of(page: str) -> list[PageForm]:
    """Every form of a page, in the order of the page."""
    parser = _Forms()
    parser.feed(page)
    return parser.found


def form_to(page: str, action: str) -> PageForm:
    """The one form of a page that posts texts to a place."""
    (form,) = [each for each in forms_of(page) if each.action == action and "_csrf_token" in each.texts]
    return form


def file_form_of(page: str) -> PageForm:
    """The one form of a page that sends files."""
    (form,) = [each for each in forms_of(page) if each.kind == "multipart/form-data"]
    return form
