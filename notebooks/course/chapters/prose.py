"""Prose on a page: headings that can be linked to, links that say where they go, tables that scroll."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from bs4 import BeautifulSoup

from ..evidence import same_address
from .notebook import ChapterError, anchor

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ALIGNED = {"text-align:right": "right", "text-align:center": "centre"}


@dataclass
class Prose:
    """Turns Markdown's HTML into that of one page, and remembers its headings.

    sources: address (see `same_address`) -> key of a source. listed: keys that the page's reference
    list has. chapters: slugs of the notebooks that have a handout. notebook: the file that the text is of; the
    addresses of its pictures count from there, and without it they stay as they are.
    """

    sources: Mapping[str, str]
    listed: Collection[str]
    chapters: Collection[str]
    notebook: Path | None = None
    headings: list[tuple[int, str, str]] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)
    _levels: dict[int, int] = field(default_factory=dict)

    def clean(self, html: str) -> str:
        """The same content without what the page's security policy would block. Raises `ChapterError`."""
        soup = BeautifulSoup(html, "html.parser")
        self._harmless(soup)
        for heading in soup.find_all(HEADINGS):
            self._heading(heading)
        for word in soup.find_all(class_="word"):
            self._entry(soup, word)
        for link in soup.find_all("a"):
            self._link(soup, link)
        for table in soup.find_all("table"):
            self._table(soup, table)
        for picture in soup.find_all("img", src=True):
            self._picture(picture)
        for block in soup.find_all("pre"):
            block["tabindex"], block["role"], block["aria-label"] = "0", "group", "Code"
        return str(soup)

    def contents(self) -> list[tuple[str, str]]:
        """(link, text) of the second-level headings so far."""
        return [("#" + quote(name, safe="-._~"), text) for level, name, text in self.headings if level == 2]

    def _harmless(self, soup: BeautifulSoup) -> None:
        for node in soup.find_all(["script", "style", "iframe", "link", "object", "embed"]):
            node.decompose()
        element: Any
        for element in soup.find_all(True):
            aligned = ALIGNED.get(str(element.attrs.pop("style", "")).replace(" ", "").rstrip(";"))
            if aligned:
                element["class"] = [*element.get("class", []), aligned]
            for name in [name for name in element.attrs if name.startswith("on")]:
                del element[name]

    def _heading(self, heading: Any) -> None:
        text = heading.get_text()
        name, number = anchor(text), 1
        while name in self._ids:
            number += 1
            name = f"{anchor(text)}-{number}"
        self._ids.add(name)
        heading["id"] = name
        written = int(heading.name[1])
        # No level is left out on a page; the words of a chapter are small headings under a large one in the notebook.
        self._levels = {level: shown for level, shown in self._levels.items() if level < written}
        self._levels[written] = min(written, max(self._levels.values(), default=written - 1) + 1)
        heading.name = f"h{self._levels[written]}"
        if written == 5:
            heading["class"] = "word"
        self.headings.append((self._levels[written], name, text.strip()))

    def _entry(self, soup: BeautifulSoup, word: Any) -> None:
        # One block, so that paper can keep a word and its meaning on one page.
        meaning = []
        for node in word.next_siblings:
            if node.name in HEADINGS:
                break
            meaning.append(node)
        entry = word.wrap(soup.new_tag("div", attrs={"class": "entry"}))
        entry.extend(meaning)

    def _link(self, soup: BeautifulSoup, link: Any) -> None:
        address = link.get("href", "")
        parts = urlsplit(address)
        if address.startswith("#") or parts.scheme == "mailto":
            return
        if parts.scheme in ("http", "https"):
            key = self.sources.get(same_address(address))
            if key in self.listed:
                link["href"], link["class"] = f"#ref-{key}", "cite"
            else:
                link["class"] = "out"
                host = parts.netloc.removeprefix("www.")
                if host not in link.get_text():
                    goes = soup.new_tag("span", attrs={"class": "goes"})
                    goes.string = f" ({host})"
                    link.append(goes)
            return
        slug = unquote(parts.path).removeprefix("./").removesuffix(".ipynb")
        if parts.path.endswith(".ipynb") and slug in self.chapters:
            link["href"] = f"{slug}.html" + (f"#{parts.fragment}" if parts.fragment else "")
        else:
            link.unwrap()  # nothing on this page, or beside it, to go to

    def _table(self, soup: BeautifulSoup, table: Any) -> None:
        for head in table.select("thead th"):
            head["scope"] = "col"
        region = {"class": "scroll", "role": "group", "aria-label": "Table", "tabindex": "0"}
        table.wrap(soup.new_tag("div", attrs=region))

    def _picture(self, picture: Any) -> None:
        """Takes a picture that is a file into the page; nbconvert takes none from above the notebook's folder."""
        parts = urlsplit(picture["src"])
        if parts.scheme or parts.netloc or self.notebook is None:
            return
        file = self.notebook.parent / unquote(parts.path)
        try:
            content = base64.b64encode(file.read_bytes()).decode()
        except OSError:
            raise ChapterError(
                f"{self.notebook.name} shows the picture {picture['src']}, which is not there. "
                "Put the file there, or mend the address."
            ) from None
        picture["src"] = f"data:{mimetypes.guess_type(file.name)[0] or 'image/png'};base64,{content}"
