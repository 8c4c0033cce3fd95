"""The sources: a reader is sent to the authority, and what was read elsewhere is said."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import bibtexparser
import pytest
from course import references as lists
from course.chapters import chapters
from course.evidence.errors import DataError
from course.evidence.references import references
from course.files import DATA

REFUSED = [
    line
    for line in (Path(__file__).parent / "refused_hosts.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
# Whose own pages these are: governments, regulators, treaty bodies, registers, the literature's own indexes.
AUTHORITIES = (
    "gov gov.uk gov.in gov.cn govt.nz gc.ca nhs.uk usdoj.gov europa.eu parliament.uk bka.gv.at nsw.gov.au gov.au "
    "who.int unodc.org incb.org nice.org.uk nihr.ac.uk ansm.sante.fr lakemedelsverket.se gesetze-im-internet.de "
    "swissmedicinfo.ch ncats.io"
).split()


def within(host: str, names: list[str] | tuple[str, ...]) -> bool:
    """Is this host one of these names, or below one of them?"""
    host = host.removeprefix("www.")
    return any(host == name or host.endswith(f".{name}") for name in names)


def sent_to_a_copy(entries) -> list[str]:
    return [key for key, url in entries if within(urlsplit(url).netloc, REFUSED)]


def fields() -> dict[str, dict[str, str]]:
    library = bibtexparser.parse_file(str(DATA / "references.bib"))
    return {
        entry.key: {name: str(entry.fields_dict[name].value) for name in entry.fields_dict} for entry in library.entries
    }


def test_no_reader_is_sent_to_a_copy_a_vendor_or_an_encyclopedia():
    assert sent_to_a_copy((key, source.url) for key, source in references().items()) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://en.wikipedia.org/wiki/Ketamine",
        "https://www.scribd.com/x",
        "https://ch.oddb.org/de",
        "https://docslib.org/a",
    ],
)
def test_an_address_of_a_copy_is_found(url):
    assert sent_to_a_copy([("made", url), ("good", "https://www.fda.gov/drugs")]) == ["made"]


def test_every_link_leads_to_an_authority_or_says_why_not():
    unexplained = [
        key
        for key, entry in fields().items()
        if not ({"doi", "pmid", "authority"} & set(entry))
        and not within(urlsplit(references()[key].url).netloc, AUTHORITIES)
    ]
    assert unexplained == [], "give the paper's doi or pmid, or a field `authority` that says whose page this is"


def test_few_names_are_unchecked_and_each_says_why():
    unchecked = {key: entry["authorcheck"] for key, entry in fields().items() if "authorcheck" in entry}
    assert len(unchecked) <= 10
    assert [key for key, why in unchecked.items() if len(why.split()) < 5] == []


def test_no_notebook_or_table_sends_a_reader_past_the_sources():
    """Prose links only to entries (another test); nothing else that people write holds an address of a copy."""
    texts = {
        path.name: path.read_text(encoding="utf-8") for path in [*DATA.glob("*.csv"), *DATA.glob("quizzes/*.yaml")]
    }
    for path in [chapter.path for chapter in chapters()]:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts[path.name] = "\n".join("".join(cell["source"]) for cell in cells)
    found = [
        f"{name}: {address}"
        for name, text in texts.items()
        for address in re.findall(r"https?://[^\s)\"'<>]+", text)
        if within(urlsplit(address).netloc, REFUSED)
    ]
    assert found == []


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    references.cache_clear()
    yield tmp_path / "data"
    references.cache_clear()


def add(folder, entry: str) -> None:
    path = folder / "references.bib"
    path.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")


def test_where_a_text_was_read_is_in_its_entry(copy):
    add(
        copy,
        "\n@article{made2001,\n  author = {Made, A.},\n  title = {On reading},\n  year = {2001},\n"
        "  doi = {10.1/made},\n"
        "  read = {https://www.copies.org/x?id=1; https://abstracts.org/2; https://copies.org/y},\n}\n",
    )
    made = references(copy)["made2001"]
    assert made.url == "https://doi.org/10.1/made"
    assert made.read == ("https://www.copies.org/x?id=1", "https://abstracts.org/2", "https://copies.org/y")
    assert made.read_in == "in copies.org and abstracts.org"


def test_a_text_read_in_part_at_its_source_says_so(copy):
    add(
        copy,
        "\n@misc{made2001,\n  author = {Made, A.},\n  title = {T},\n  year = {2001},\n"
        "  doi = {10.1/a},\n  read = {here; https://copies.org/y},\n}\n",
    )
    assert references(copy)["made2001"].read_in == "here and in copies.org"


def test_a_text_read_at_its_source_says_nothing_of_reading():
    assert references()["cfr130813"].read_in == ""


def test_an_address_of_reading_must_be_an_address(copy):
    add(
        copy,
        "\n@misc{made2001,\n  author = {Made, A.},\n  title = {T},\n  year = {2001},\n"
        "  doi = {10.1/a},\n  read = {a library},\n}\n",
    )
    with pytest.raises(DataError, match="made2001: read holds no https address"):
        references(copy)


@pytest.mark.parametrize("form", ["stored", "live", "offline"])
def test_the_reference_list_says_where_a_text_was_read(form):
    from course.display import render

    known = references()
    key = next(key for key, source in known.items() if source.read)
    spec = lists.ReferencesView("made", [key, "cfr130813"]).spec
    html = render(spec, form, "u1")
    assert f"; read {known[key].read_in}</li>" in html
    assert html.count("; read ") == 1
    assert all(f'href="{address}"' not in html for address in known[key].read), "nobody is sent to a copy"
