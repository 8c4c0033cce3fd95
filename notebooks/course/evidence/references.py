"""The sources: `data/references.bib`, parsed once, with a short label and a link for each."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import bibtexparser
from bibtexparser.library import Library
from bibtexparser.model import Entry

from ..files import DATA
from .errors import DataError, nearest

FILE = "references.bib"
HERE = "here"


@dataclass(frozen=True, slots=True)
class Reference:
    """A source. `label` is what prose shows ("Hirota 1999"); `url` is where it leads: to the authority itself.

    `read` holds the addresses at which the text was read where that was elsewhere: an abstract, a copy, a quotation;
    "here" among them says that a part was read at the source itself.
    """

    key: str
    label: str
    citation: str
    url: str
    identifier: str
    read: tuple[str, ...] = ()

    @property
    def read_in(self) -> str:
        """Where it was read, in words ("in a.org and b.org", "here and in a.org"); empty if at the source alone."""
        elsewhere = [urlsplit(address).netloc.removeprefix("www.") for address in self.read if address != HERE]
        hosts = list(dict.fromkeys(elsewhere))
        said = " and ".join([", ".join(hosts[:-1]), hosts[-1]] if len(hosts) > 1 else hosts)
        return f"here and in {said}" if HERE in self.read else f"in {said}" if said else ""


def reference(key: str) -> Reference:
    """The source with this key. Raises `KeyError` with the nearest key."""
    known = references()
    if key not in known:
        raise KeyError(f"There is no source {key!r} in data/{FILE}. {nearest(key, known)}")
    return known[key]


def same_address(url: str) -> str:
    """A form in which two spellings of one address are equal."""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.").replace("dx.doi.org", "doi.org")
    path = unquote(parts.path).rstrip("/")
    return f"{host}{path.lower() if host == 'doi.org' else path}" + (f"?{parts.query}" if parts.query else "")


@cache
def references(folder: Path = DATA) -> dict[str, Reference]:
    """All sources of `folder/references.bib` by key, in file order. Raises `DataError`."""
    path = folder / "references.bib"
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise DataError(
            FILE,
            f"the file cannot be read ({error.__class__.__name__}).",
            "Take it from the course's repository again.",
        ) from None
    logging.getLogger("bibtexparser").setLevel(logging.ERROR)
    library: Library = bibtexparser.parse_string(text)  # type: ignore[attr-defined]  # its package names no exports
    for block in library.failed_blocks:
        raise DataError(
            FILE,
            f"the entry cannot be read ({block.error}).",
            "Check its braces, and that its key is used once.",
            row=(block.start_line or 0) + 1,
        )
    return {entry.key: _reference(entry) for entry in library.entries}


def _reference(entry: Entry) -> Reference:
    line = (entry.start_line or 0) + 1

    def field(name: str) -> str:
        found = entry.fields_dict.get(name)
        return re.sub(r"[{}]", "", str(found.value)).strip() if found else ""

    for name in ("author", "title", "year"):
        if not field(name):
            raise DataError(FILE, f"{entry.key} has no {name}.", "Add it.", row=line)
    doi, pmid, url = field("doi"), field("pmid"), field("url")
    if doi:
        link, identifier = f"https://doi.org/{doi}", f"doi:{doi}"
    elif pmid:
        link, identifier = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", f"PMID {pmid}"
    elif url.startswith("https://"):
        link, identifier = url, url.removeprefix("https://").split("/")[0]
    else:
        raise DataError(FILE, f"{entry.key} has no doi, no pmid and no https url.", "Add one of them.", row=line)
    read = tuple(filter(None, map(str.strip, field("read").split(";"))))
    if any(address != HERE and not address.startswith("https://") for address in read):
        raise DataError(
            FILE, f"{entry.key}: read holds no https address.", "Write addresses, with ; between, or here.", row=line
        )
    # Braces around the whole field mark a corporate author, whose name must not be split.
    corporate = str(entry.fields_dict["author"].value).lstrip().startswith("{")
    whole = re.sub(r"\s+", " ", field("author"))
    authors = [whole] if corporate else whole.split(" and ")
    place = field("journal") or field("institution") or field("howpublished") or field("publisher")
    pages = re.sub(r"-{2,3}", "–", field("pages"))  # BibTeX writes a range with two hyphens
    volume = field("volume") + (f":{pages}" if pages else "")
    names = ", ".join(authors[:3]) + (" and others" if len(authors) > 3 and authors[3] != "others" else "")
    names = names.replace(", others", " and others")
    year = "undated" if field("year") == "n.d." else field("year")
    published = f"{place} {year}".strip() + (f";{volume}" if volume else "")
    citation = ". ".join(part.rstrip(".") for part in (names, field("title"), published)) + "."
    label = field("shorttitle") or f"{whole if corporate else _family(authors[0])} {field('year')}"
    return Reference(entry.key, label, citation, link, identifier, read)


def _family(author: str) -> str:
    """'Hirota' of 'Hirota, K.' or 'K. Hirota'."""
    return author.split(",")[0].strip() if "," in author else author.split()[-1]
