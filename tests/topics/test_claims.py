"""The claims of two articles: every verdict has its rows, nothing is copied, and every heading is taken up."""

from __future__ import annotations

import base64
import dataclasses
import functools
import hashlib
import json
import re
from pathlib import Path

import pytest
from course import charts, claims, evidence, explorers
from course.display import SPEC_MIME, render
from course.topics.claims import rows as claims_data
from course.topics.claims.credit import CLOSE, ORDER, SAYS, close, credit
from course.topics.claims.explorer import draw_claim_browser
from course.topics.claims.views import ClaimsView
from course.upkeep import faq

ROOT = Path(__file__).resolve().parents[2]
LEDGER = evidence.table("claims")
CORE = [found for found in LEDGER if found.core == "yes"]
READ = ("primary", "secondary")
CHECKED_BY_ROWS = [found for found in LEDGER if found.verdict != "cannot be checked"]


# The ledger


def test_the_whole_ledger_is_here():
    assert [found.id for found in LEDGER] == [f"CL{number:03d}" for number in range(1, 120)]
    assert {found.verdict for found in LEDGER} == set(claims_data.VERDICTS)
    assert {found.topic for found in LEDGER} == set(claims_data.TOPICS)


@pytest.mark.parametrize("found", LEDGER, ids=lambda found: found.id)
def test_a_reason_rests_on_rows_that_somebody_read(found):
    behind = claims_data.rows_behind(found)
    assert len(behind) == len({one.id for one in behind})
    assert all(one.verification in READ and one.confidence != "low" for one in behind), [one.id for one in behind]
    if found.verdict != "cannot be checked":
        assert behind, "a verdict on the facts needs facts"
    if behind:
        assert found.source == behind[0].source and found.verification == "derived"


def test_numbers_of_a_reason_stand_in_its_rows():
    """Percentages and counts are those of the rows, so that a mended row makes a stale reason red."""
    for found in LEDGER:
        for number in re.findall(r"\d[\d,.]*(?= %| people|,000)|(?<=in )\d[\d,]*(?= treatment)", found.reason):
            plain = number.rstrip(".,")
            text = " ".join(str(value) for one in claims_data.rows_behind(found) for value in dataclasses.astuple(one))
            assert plain in text or plain.replace(",", "") in text, (found.id, number)


def test_sixteen_core_claims_of_both_articles_and_all_verdicts():
    assert len(CORE) == 16
    assert sorted(found.article for found in CORE) == ["A"] * 8 + ["B"] * 8
    counts = claims_data.counted(CORE)
    assert min(counts.values()) >= 2 and max(counts.values()) <= 6
    assert all(found.teaches for found in CORE)
    assert not [found for found in LEDGER if found.teaches and found.core == "no"]
    # Each article is right somewhere in what everybody judges.
    assert {found.article for found in CORE if found.verdict == "holds"} == {"A", "B"}


def runs(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return [" ".join(words[at : at + 8]) for at in range(len(words) - 7)]


def hashed(run: str) -> bytes:
    return hashlib.blake2b(run.encode(), digest_size=5).digest()


@pytest.fixture(scope="module")
def of_the_articles() -> set[bytes]:
    """Hashes of every run of eight words in the two articles, which are not ours to ship."""
    packed = base64.b64decode((Path(__file__).with_name("article_runs.txt")).read_text())
    return {packed[at : at + 5] for at in range(0, len(packed), 5)}


def test_nothing_is_copied_from_the_articles(of_the_articles):
    """No run of more than seven words, in the tables, the questions or the notebook."""
    files = [ROOT / "data" / f"{name}.csv" for name in ("claims", "contradictions", "article_map", "faq")]
    texts = [path.read_text(encoding="utf-8") for path in files]
    texts.append((ROOT / "data" / "quizzes" / "09-claim-check.yaml").read_text(encoding="utf-8"))
    notebook = json.loads((ROOT / "notebooks" / "09-claim-check.ipynb").read_text(encoding="utf-8"))
    texts += ["".join(cell["source"]) for cell in notebook["cells"]]
    assert [run for text in texts for run in runs(text) if hashed(run) in of_the_articles] == []


def test_a_copied_run_would_be_found(of_the_articles):
    copied = next(
        iter(runs("Most prescription opioids, including oxycodone, hydrocodone, and fentanyl, are Schedule II"))
    )
    assert len(of_the_articles) > 2000
    assert hashed(copied) in of_the_articles


def test_an_unknown_claim_suggests_the_nearest():
    with pytest.raises(KeyError, match="Did you mean 'CL"):
        claims.judge("CL0100")


# Credit


@pytest.mark.parametrize(
    "given, verdict, points",
    [
        ("holds", "holds", 1),
        ("holds", "needs qualification", 0.5),
        ("needs qualification", "holds", 0.5),
        ("needs qualification", "does not hold", 0.5),
        ("cannot be checked", "does not hold", 0.5),
        ("does not hold", "cannot be checked", 0.5),
        ("holds", "does not hold", 0),
        ("holds", "cannot be checked", 0),
        ("cannot be checked", "needs qualification", 0),
    ],
)
def test_a_neighbour_earns_half(given, verdict, points):
    assert credit(given, verdict) == points
    assert bool(close(given, verdict)) == (points == 0.5)


def test_words_of_credit_are_whole():
    assert list(CLOSE) == list(zip(ORDER, ORDER[1:], strict=False))
    assert list(SAYS) == [1, 0.5, 0]
    with pytest.raises(ValueError, match="Did you mean 'holds'"):
        credit("hold", "holds")


# The activity


def test_the_activity_shows_the_sixteen_and_keeps_what_is_judged():
    view = claims.judge()
    assert view.subjects() == [found.id for found in CORE] and repr(view) == "<claims core>"
    assert repr(claims.judge("CL010", "CL072", "CL010")) == "<claims CL010-CL072>"
    view._receive(view, {"keep": "CL010", "value": "does not hold", "turn": "t"}, [])
    assert claims.judge().answers["CL010"]["value"] == "does not hold"
    view._receive(view, {"keep": "CL010", "value": None, "turn": "t"}, [])
    assert "CL010" not in claims.judge().answers


@pytest.mark.parametrize("form", ["live", "offline", "stored"])
def test_each_form_has_every_claim_once(form):
    html = render(claims.judge().spec, form, "u")
    for found in CORE:
        assert html.count(f'data-quiz-item="{found.id}"') == 1


def test_no_verdict_stands_in_the_page_before_it_is_asked_for():
    view = claims.judge()
    live = render(view.spec, "live", "u")
    offline = re.sub(r"(?s)<noscript>.*?</noscript>", "", render(view.spec, "offline", "u"))
    for html in (live, offline):
        for found in CORE:
            assert str(found.reason)[:40] not in html and found.teaches not in html


def test_the_stored_form_needs_no_script():
    html = render(claims.judge().spec, "stored", "")
    assert html.count("<details>") == 16 and "Run ▸ Run All Cells" in html
    assert not re.search(r"<(button|input|script|style|form|svg)|\bid=|\bclass=", html)


def test_markup_in_a_claim_is_shown_as_text():
    evil = "<script>alert(1)</script><b onclick=x>"
    bad = dataclasses.replace(CORE[0], claim=evil, reason=evil, place=evil, teaches=evil)
    view = ClaimsView([bad])
    for form in ("live", "offline", "stored"):
        html = render(view.spec, form, "u")
        assert "<script" not in html and "<b onclick" not in html and "&lt;script&gt;" in html
    # What the script gets is text; it never becomes markup (tests/browser/test_claims_script.py).
    assert view.data["claims"][0]["reason"] == evil


def test_verdicts_are_in_the_instructors_key_only():
    from course.chapters import Chapter
    from course.publish.handouts.page import chapter_page

    text = (ROOT / "notebooks" / "09-claim-check.ipynb").read_text(encoding="utf-8")
    chapter = Chapter(ROOT / "notebooks" / "09-claim-check.ipynb", text)
    title = {"cell_type": "markdown", "source": "# Title", "metadata": {}}
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {}}
    output["data"][SPEC_MIME] = claims.judge().spec
    cell = {"cell_type": "code", "source": "c", "metadata": {}, "execution_count": 1, "outputs": [output]}
    student, instructor = (chapter_page(chapter, [title, cell], edition) for edition in ("student", "instructor"))
    assert 'id="answer-key"' not in student
    key = instructor[instructor.index('<h2 id="answer-key"') :]
    assert "<h3>Claims</h3>" in key
    for found in CORE:
        assert found.verdict.capitalize() in key and found.rows.replace(" ", ", ") in key


# Charts and the browser


def test_the_charts_count_the_rows():
    chart = charts.claim_verdicts().chart
    drawn = {mark.name: mark for mark in chart.marks}
    for verdict in claims_data.VERDICTS:
        for article in claims_data.ARTICLES:
            count = len(claims_data.claims(article, verdict))
            assert list(drawn[f"end-{verdict.replace(' ', '-')}-{article}"].x) == [count]
    assert str(len(claims_data.claims(verdict="holds"))) in chart.title


def test_the_counts_that_chapter_09_tells_are_those_of_the_ledger():
    text = (ROOT / "notebooks" / "09-claim-check.ipynb").read_text(encoding="utf-8")
    fail, hold = (len(claims_data.claims(verdict=verdict)) for verdict in ("does not hold", "holds"))
    words = {7: "Seven", 8: "Eight", 31: "thirty-one", 32: "thirty-two", 33: "thirty-three"}
    for told in re.findall(r"\w+ claims do not hold, and [\w-]+ hold as they stand", text):
        assert told == f"{words[fail]} claims do not hold, and {words[hold]} hold as they stand"


@pytest.mark.parametrize("where", ["between", "within"])
def test_contradictions_pair_claims_of_the_right_articles(where):
    chart = charts.contradictions(where).chart
    pairs = [found for found in evidence.table("contradictions") if found.place.startswith(where)]
    assert len(pairs) == len(chart.table.rows) >= 5
    for pair in pairs:
        one, other = (claims_data.claim(found) for found in (pair.first_claim, pair.second_claim))
        assert pair.source in claims_data.sources_behind([one, other])
        if where == "between":
            assert (one.article, other.article) == ("A", "B")
        else:
            assert one.article == other.article == pair.place[-1]


def test_contradictions_elsewhere_are_refused():
    with pytest.raises(ValueError, match="Did you mean 'between'"):
        charts.contradictions("betwen")


def test_the_browser_lists_what_was_chosen_but_not_the_sixteen():
    listed = set()
    for verdict in claims_data.VERDICTS:
        chart = draw_claim_browser("", "", verdict)
        assert {cells[1] for cells in chart.table.rows} == {verdict}
        listed |= {cells[-1][:5] for cells in chart.table.rows}
    assert listed == {found.id for found in LEDGER} - {found.id for found in CORE}
    assert len(draw_claim_browser("B", "law", "").table.rows) == sum(
        found.article == "B" and found.topic == "law" and found.core == "no" for found in LEDGER
    )


def test_the_guess_is_about_the_rows():
    guesses = {guess["name"]: guess for guess in explorers.predict_claim_browser().spec["guesses"]}
    assert guesses["holds"]["answer"] == str(len(claims_data.claims(verdict="holds")))
    assert guesses["fails"]["answer"] == str(len(claims_data.claims(verdict="does not hold")))


# Nothing that the articles ask goes unanswered

MAP = evidence.table("article_map")
HEADINGS = {
    ("A", "heading"): 13,
    ("A", "FAQ"): 5,
    ("A", "takeaway"): 5,
    ("B", "heading"): 16,
    ("B", "FAQ"): 4,
    ("B", "table row"): 5,
}


@functools.cache
def sections(chapter: str) -> dict[str, tuple[str, str, int]]:
    """Anchor -> (prose, layer, how fully what stands there is taken up, 1 to 5), by what the section holds."""
    path = ROOT / "notebooks" / f"{chapter}.ipynb"
    found: dict[str, list[str]] = {}
    name = ""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        for part in re.split(r"(?m)^(?=## )", text) if cell["cell_type"] == "markdown" else [text]:
            if cell["cell_type"] == "markdown" and (heading := re.match(r"## (.*)", part)):
                name = heading[1].replace(" ", "-")
            found.setdefault(name, []).append(f"{cell['cell_type']}\n{part}")
    said = {}
    for anchor, cells in found.items():
        prose = "\n".join(cell for cell in cells if cell.startswith("markdown"))
        code = "\n".join(cell for cell in cells if cell.startswith("code"))
        shown = bool(re.search(r"charts\.|explorers\.(?!predict)|claims\.", code))
        asked = bool(re.search(r"quiz\.|explorers\.predict|claims\.", code))
        cited = bool(re.search(r"\]\(https?://", prose)) or shown
        layer = "Deeper" if re.search(r"(?m)^\*\*Deeper\.\*\*", prose) else "Core"
        said[anchor] = (prose, layer, 2 + cited + (cited and shown) + (cited and asked))
    return said


def anchors(chapter: str) -> set[str]:
    path = ROOT / "notebooks" / f"{chapter}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return {heading.replace(" ", "-") for heading in re.findall(r"(?m)^## (.*)$", text)}


def test_every_heading_and_every_faq_is_mapped():
    # A heading may lead to several sections, and to each of them once.
    places = [(found.article, found.kind, found.heading, found.chapter, found.section) for found in MAP]
    assert len(places) == len(set(places))
    for (article, kind), count in HEADINGS.items():
        asked = {found.heading for found in MAP if (found.article, found.kind) == (article, kind)}
        assert len(asked) == count


@pytest.mark.parametrize("found", MAP, ids=lambda found: f"{found.article} {found.heading}")
def test_what_an_article_asks_is_taken_up(found):
    assert (ROOT / "notebooks" / f"{found.chapter}.ipynb").exists()
    if found.section:
        assert found.section in anchors(found.chapter)


def test_a_section_is_as_strong_as_the_map_says():
    """A strength is no more than what its section holds, and its layer is the section's."""
    for found in MAP:
        _, layer, holds = sections(found.chapter)[found.section]
        assert found.strength <= holds, (found.id, found.strength, holds)
        assert found.layer == layer, found.id


def test_what_both_articles_say_is_answered_in_core():
    assert {found.asked_by for found in MAP} == {"A", "B", "both"}
    for found in MAP:
        assert found.asked_by in (found.article, "both"), found.id
        if found.asked_by == "both":
            best = max(
                other.strength
                for other in MAP
                if (other.article, other.kind, other.heading) == (found.article, found.kind, found.heading)
                and other.layer == "Core"
            )
            assert best >= 3, found.id


def test_every_question_of_a_faq_has_a_short_answer():
    asked = {found.heading for found in MAP if found.kind == "FAQ"}
    assert len(faq.questions()) == len(asked) == 8, "both articles ask one question alike"
    # Both lead to the same chapters.
    assert {found.chapter for found in MAP if found.kind == "FAQ"} - {"00-start-here"} <= {
        asked["chapter"] for asked in faq.questions()
    }
