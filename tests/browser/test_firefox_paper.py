"""Handouts on paper from Firefox, which knows neither margin boxes nor a break to avoid after a heading."""

from __future__ import annotations

import io

import firefox
import pytest
from pypdf import PdfReader
from test_handout import SLUGS, address, handouts, letters  # noqa: F401 - a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.proof,
    pytest.mark.skipif(not firefox.find(), reason="this machine has no Firefox"),
]
A4 = {"width": 21.0, "height": 29.7}
# Without the list of sections, which names them again.
HEADINGS = """document.querySelectorAll('.course.sections').forEach((node) => node.remove());
    return [...document.querySelectorAll(
    'main :is(h2, h3, h4):not(.word), main .course :is(.kind, .name), main figcaption.title')]
    .filter((node) => node.getClientRects().length).map((node) => node.textContent.trim())"""


@pytest.fixture(scope="module")
def fox(tmp_path_factory):
    with firefox.Firefox(firefox.find(), tmp_path_factory.mktemp("firefox")) as opened:
        yield opened


@pytest.mark.parametrize(("slug", "edition"), [(slug, "student") for slug in SLUGS] + [("06-risks", "instructor")])
def test_no_heading_stands_alone_at_the_end_of_a_page(fox, handouts, slug, edition):  # noqa: F811
    fox.open(address(handouts, slug, edition))
    headings = {letters(text).casefold() for text in fox.run(HEADINGS)}
    assert len(headings) > 10
    pages = [letters(page.extract_text()).casefold() for page in PdfReader(io.BytesIO(fox.pdf(page=A4))).pages]
    assert len(pages) > 5 and all(pages)
    stranded = [(at, text) for at, page in enumerate(pages, 1) for text in headings if page.endswith(text)]
    assert stranded == []
