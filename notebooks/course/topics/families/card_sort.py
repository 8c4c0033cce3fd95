"""The card sort: drugs as cards, sorted by four definitions of *opioid*; and the guess that comes before."""

from __future__ import annotations

import textwrap
from functools import cache
from typing import Any

from ...display import Chart, Control, Dots, Explorer, Label, Mark, Pick, PredictionView, Span, Table
from ...display.answer_table import ANSWERS
from ...evidence import nearest
from ..scheduling.charts import page_axes
from .definitions import COLUMNS, DEFINITIONS, answer_text, cells, drugs_in_order, table_row

ALL = "all"
ANSWER_WORDS = {"yes": "Yes", "partly": "In part", "no": "No"}
BY_WORDS = {"structure": "By structure", "receptor": "By receptor", "effect": "By effect", "law": "By US law"}
SORTS = {
    ALL: "All four",
    **{by: words[3].upper() + words[4:] for by, words in BY_WORDS.items()},
}

PILES = (10, 160, 342)  # where the markers of the three piles stand, in pixels
LEFT, COLUMN, LINE = 14, 174, 24  # of the piles: the first marker, the way to the next pile and to the next card
BLOCK = 112  # height of one definition's answer in the view of one card
FOOT = 102  # what the words on the chosen card need below the piles
WRAP = 46  # letters to a line: as much as a phone shows without scrolling


def draw_card_sort(card: str, by: str) -> Chart:
    """One card with its four answers, or all cards in three piles with one of them picked out.

    card: a slug of `data/definitions.csv`; by: "structure", "receptor", "effect", "law" or "all".
    """
    return _drawn(card, by)


@cache
def _drawn(card: str, by: str) -> Chart:
    shown = [cells()[card, each] for each in DEFINITIONS] if by == ALL else [cells()[slug, by] for slug in _cards()]
    name = _cards()[card]
    return Chart(
        "card-sort",
        _title(card) if by == ALL else _pile_title(by),
        page_axes(_height()),
        [*_pile_marks(card, by), *_answer_marks(card, by)],
        _said_of_card(card) if by == ALL else _said_of_piles(card, by),
        Table(
            f"{name}, by four definitions" if by == ALL else f"All cards, {BY_WORDS[by][0].lower()}{BY_WORDS[by][1:]}",
            COLUMNS,
            [table_row(row) for row in shown],
        ),
        [row.source for row in shown],
        caveat=_caveat([cells()[card, each] for each in DEFINITIONS] if by == ALL else [cells()[card, by]], shown),
        width=520,
        height=_height(),
    )


def _title(card: str) -> str:
    """How many of the four definitions make the card an opioid."""
    answers = [cells()[card, by].answer for by in DEFINITIONS]
    partly = answers.count("partly")
    said = f"{_cards()[card]} is an opioid by {answers.count('yes')} of four definitions"
    return f"{said}, and in part by {partly} more" if partly else said


def _pile_title(by: str) -> str:
    """How many cards are opioids by this definition."""
    piles = _piles(by)
    yes, partly = len(piles["yes"]), len(piles["partly"])
    return f"{BY_WORDS[by]}, {yes} of {len(_cards())} cards are opioids and {partly} in part"


@cache
def _cards() -> dict[str, str]:
    """Slug -> name, by name."""
    return dict(sorted(drugs_in_order().items(), key=lambda item: item[1].casefold()))


@cache
def _piles(by: str) -> dict[str, list[str]]:
    """Answer -> the drugs that get it."""
    return {answer: [slug for slug in _cards() if cells()[slug, by].answer == answer] for answer in ANSWER_WORDS}


@cache
def _height() -> int:
    """The height of the view with the tallest pile."""
    tallest = max(len(pile) for by in DEFINITIONS for pile in _piles(by).values())
    return max(56 + LINE * tallest + FOOT, 24 + BLOCK * len(DEFINITIONS))


def _pile_marks(card: str, by: str) -> list[Mark]:
    """Heads, cards, and the words on the chosen card; empty in the view of one card."""
    marks: list[Mark] = []
    top = _height() - 20
    places: dict[Any, Any] = {}
    for column, (answer, head) in enumerate(ANSWER_WORDS.items()):
        pile = [] if by == ALL else _piles(by)[answer]
        x = PILES[column]
        marks.append(Label(f"head-{answer}", "ink", x - 8, top, f"{head}: {len(pile)}" if by != ALL else "", bold=True))
        places |= {slug: (x, top - 30 - LINE * index) for index, slug in enumerate(pile)}
    for slug, name in _cards().items():
        x, y = places.get(slug, (-900.0, 0.0))
        row = None if by == ALL else cells()[slug, by]
        doubted = bool(row) and row.disputed == "yes"
        marker, filled, colour = ANSWERS[row.answer] if row else ("o", True, "ink")
        words = f"{name}{'?' * doubted}" if row else ""
        wide = x - 12 if not doubted else x + COLUMN - 24
        marks += [
            Span(f"{slug}-shade", "edge", x - 12, y, wide, y, LINE - 3, opacity=0.16),
            Dots(slug, colour, [x] if row else [], [y] if row else [], marker, 12, filled),
            Label(f"{slug}-name", "ink", x, y, words, 11, 0, "left", slug == card),
        ]
    x, y = places.get(card, (-900.0, 0.0))
    marks.append(Span("chosen", "ink", x - 12, y - 13, x + COLUMN - 24 if by != ALL else x, y - 13, 2.5))
    row = None if by == ALL else cells()[card, by]
    marks.append(
        Label("card-says", "ink", 14, FOOT - 26, f"{row.name}. {_first(answer_text(row))}" if row else "", bold=True)
    )
    return [*marks, _under("card-why", 14, FOOT - 26, row)]


def _answer_marks(card: str, by: str) -> list[Mark]:
    """One block per definition; empty in the view of the piles."""
    marks: list[Mark] = []
    for index, (each, head) in enumerate(DEFINITIONS.items()):
        row = cells()[card, each] if by == ALL else None
        y = _height() - 22 - BLOCK * index
        marker, filled, colour = ANSWERS[row.answer] if row else ("o", True, "ink")
        shade = 440 if row and row.disputed == "yes" else 14
        marks += [
            Span(f"block-{each}-shade", "edge", 14, y - 24, shade, y - 24, 26, opacity=0.16),
            Label(f"block-{each}", "muted", 14, y, f"{BY_WORDS[each]}: {_one_line(head)}" if row else ""),
            Dots(f"block-{each}-mark", colour, [LEFT + 4] if row else [], [y - 24] if row else [], marker, 13, filled),
            Label(f"block-{each}-says", "ink", LEFT + 18, y - 24, _first(answer_text(row)) if row else "", bold=True),
            _under(f"block-{each}-why", LEFT + 18, y - 24, row),
        ]
    return marks


def _one_line(text: str) -> str:
    words = text.replace("\n", " ")
    return words[0].lower() + words[1:] if not words.startswith("An ") else "a" + words[1:]


def _caveat(chosen, shown) -> str:
    """What the shade means, why answers on the chosen card are disputed, and what nobody read."""
    doubts = [f"{BY_WORDS[row.definition]}: {row.note}" for row in chosen if row.disputed == "yes" and row.note]
    said = ["Shaded, with a question mark: disputed.", *doubts] if any(row.disputed == "yes" for row in shown) else []
    return " ".join(said + ["† From memory, not checked."] * any(row.verification == "recalled" for row in shown))


def _first(text: str) -> str:
    return text[0].upper() + text[1:]


def _under(name: str, x: float, y: float, row) -> Label:
    """The reason, in up to three lines, below the answer whose middle stands at y."""
    lines = textwrap.wrap(row.reason, WRAP) if row else []
    return Label(name, "ink", x, y - 24 - 9 * (len(lines) - 1), "\n".join(lines))


def _stop(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _said_of_card(card: str) -> str:
    """The four answers in words."""
    said = [f"{BY_WORDS[by]}, {_stop(answer_text(row))}" for by in DEFINITIONS for row in [cells()[card, by]]]
    disputed = [BY_WORDS[by].removeprefix("By ") for by in DEFINITIONS if cells()[card, by].disputed == "yes"]
    doubt = f" Disputed: {', '.join(disputed)}." if disputed else " None of the four is disputed."
    return f"{_cards()[card]}. {' '.join(said)}{doubt}"


def _said_of_piles(card: str, by: str) -> str:
    """How large the piles are, and where the chosen card lies."""
    piles, row = _piles(by), cells()[card, by]
    counts = ", ".join(f"{len(pile)} {ANSWER_WORDS[answer].lower()}" for answer, pile in piles.items())
    disputed = sum(cells()[slug, by].disputed == "yes" for slug in _cards())
    return f"{BY_WORDS[by]}: {counts}; {disputed} disputed. {row.name}, {_stop(answer_text(row))} {row.reason}"


card_sort = Explorer(
    id="card-sort",
    name="One card, four answers",
    draw=draw_card_sort,
    main="card",
    controls=[
        Control("card", "Card", _cards(), "loperamide"),
        Control("by", "Sort by", SORTS, ALL, "radio"),
    ],
    presets={
        "Ketamine": {"card": "ketamine", "by": ALL},
        "Naloxone": {"card": "naloxone", "by": ALL},
        "Nalbuphine": {"card": "nalbuphine", "by": ALL},
        "Dextromethorphan": {"card": "dextromethorphan", "by": ALL},
        "Sort by receptor": {"card": "naloxone", "by": "receptor"},
        "Sort by law": {"card": "nalbuphine", "by": "law"},
    },
    leaves_out={
        "danger": "No definition says how harmful or how useful a drug is.",
        "degrees": "“In part” covers weak, short, local and partial effects alike.",
        "other places": "The law is that of the United States. Elsewhere the words and the lists differ.",
    },
    simulates=False,
    sources=lambda: (row.source for row in cells().values()),
)


def predict_card_sort(card: str = "loperamide") -> PredictionView:
    """Guess what four definitions say of one card.

    card: a slug of `data/definitions.csv`. Raises `ValueError` with the nearest name for an unknown one.
    """
    if card not in _cards():
        raise ValueError(f"{card!r} has no row in data/definitions.csv. {nearest(card, _cards())}")
    rows = {by: cells()[card, by] for by in DEFINITIONS}
    why = " ".join(f"{BY_WORDS[by]}: {row.reason}" for by, row in rows.items())
    disputed = [BY_WORDS[by].removeprefix("By ") for by, row in rows.items() if row.disputed == "yes"]
    return PredictionView(
        f"card-sort-{card}",
        f"{_cards()[card]}: is it an opioid? Answer four times, once for each definition.",
        [
            Pick(by, f"{BY_WORDS[by]} ({_one_line(head).rstrip('?')})", ANSWER_WORDS, rows[by].answer)
            for by, head in DEFINITIONS.items()
        ],
        why + (f" Disputed: {', '.join(disputed)}." if disputed else ""),
        [row.source for row in rows.values()],
    )
