"""Four definitions of *opioid*, drug by drug."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ...display import Chart, ChartView, Dots, Label, Mark, Table
from ...display.answer_table import (
    ANSWERS,
    disputed_shade,
    doubted,
    headings,
    rules,
    shade_key,
    table_axes,
    table_height,
)
from ...evidence import nearest, reference, table
from ...evidence.records import Definition

DEFINITIONS = {
    "structure": "From opium,\nor like it?",
    "receptor": "By opioid\nreceptors?",
    "effect": "Effects like\nmorphine’s?",
    "law": "An opioid\nin US law?",
}
SHARES = {"yes": 1.0, "partly": 0.5, "no": 0.0}  # how far an answer counts when drugs are put in order
# Where the columns stand, by how long their words are; the last is as wide as a column.
AT = {"structure": 0.0, "receptor": 0.94, "effect": 2.1, "law": 3.05}
COLUMNS = ("Drug", "By", "Answer", "Why", "Source", "Row")


@cache
def cells() -> dict[tuple[str, str], Definition]:
    """Every row by (drug, definition)."""
    return {(row.drug, row.definition): row for row in table(Definition)}


@cache
def drugs_in_order() -> dict[str, str]:
    """Slug -> name, from an opioid by every definition to one by none."""
    names = {row.drug: row.name for row in table(Definition)}
    yeses = {slug: sum(SHARES[cells()[slug, by].answer] for by in DEFINITIONS) for slug in names}
    return dict(sorted(names.items(), key=lambda item: -yeses[item[0]]))


def four_definitions(drugs: Sequence[str] | None = None) -> ChartView:
    """Whether each drug is an opioid by structure, by receptor, by effect and by US law.

    drugs: slugs with rows in `data/definitions.csv`; all if not given. Raises `ValueError` with the nearest name.
    """
    rows, known = cells(), drugs_in_order()
    for slug in drugs or ():
        if slug not in known:
            raise ValueError(f"{slug!r} has no row in data/definitions.csv. {nearest(slug, known)}")
    names = {slug: known[slug] for slug in (known if drugs is None else drugs)}
    if not names:
        raise ValueError("No drug was named. Try drugs=['ketamine', 'morphine'].")
    shown = {(slug, by): rows[slug, by] for slug in names for by in DEFINITIONS}
    marks: list[Mark] = []
    for (slug, by), row in shown.items():
        x, y = AT[by], len(names) - list(names).index(slug)
        if row.disputed == "yes":
            wide = min([at for at in AT.values() if at > x], default=x + 0.9) - x
            marks.append(disputed_shade(f"{slug}-{by}", x, y, columns=wide))
        marker, filled, colour = ANSWERS[row.answer]
        marks += [
            Dots(f"{slug}-{by}", colour, [x], [y], marker, 12, filled, [f"{names[slug]}. {row.reason}"]),
            Label(f"{slug}-{by}-says", "ink", x, y, words_of(row), 11),
        ]
    disputed = [key for key, row in shown.items() if row.disputed == "yes"]
    split = [slug for slug in names if len({shown[slug, by].answer for by in DEFINITIONS}) > 1]
    return ChartView(
        Chart(
            "definitions",
            f"Four definitions of “opioid” disagree about {len(split)} of {len(names)} drugs",
            table_axes(len(DEFINITIONS), list(names.values()), 46),
            [
                *rules(len(DEFINITIONS), len(names)),
                *marks,
                *headings(list(DEFINITIONS.values()), len(names), 22, list(AT.values())),
                *([shade_key(len(DEFINITIONS))] if disputed else []),
            ],
            _description(names, shown, split, disputed),
            Table(
                "Is it an opioid? By four definitions",
                COLUMNS,
                [table_row(row) for row in shown.values()],
            ),
            [row.source for row in shown.values()],
            caveat="Filled circle: yes. Triangle: in part. Hollow circle: no. "
            "The law column is US federal law; other countries differ."
            + (" † From memory, not checked." if any(map(_dagger, shown.values())) else ""),
            height=table_height(len(names), 46),
            subtitle="Each drug by four rules. Filled circle: yes; triangle: in part; hollow circle: no.",
        )
    )


def words_of(row) -> str:
    """A row's words, with a question mark where they are disputed and a dagger where nobody read them."""
    return doubted(row.words, row.disputed == "yes") + _dagger(row)


def answer_text(row) -> str:
    """The answer and its words: "yes: activates mu"."""
    said = {"partly": "in part"}.get(row.answer, row.answer)
    return words_of(row) if row.words.split(",")[0] == row.answer else f"{said}: {words_of(row)}"


def table_row(row) -> tuple[str, ...]:
    """One row as cells of a table with `COLUMNS`."""
    doubt = " Disputed." if row.disputed == "yes" else ""
    why = " ".join(filter(None, [row.reason + doubt, row.note]))
    return (row.name, row.definition, answer_text(row), why, reference(row.source).label, row.id)


def _dagger(row) -> str:
    return " †" if row.verification == "recalled" else ""


def _description(names, shown, split, disputed) -> str:
    said = []
    for answer, words in (("yes", "An opioid by all four"), ("no", "By none of the four")):
        who = [name for slug, name in names.items() if {shown[slug, by].answer for by in DEFINITIONS} == {answer}]
        if who:
            said.append(f"{words}: {', '.join(who)}.")
    said.append(f"The answers differ within {len(split)} of {len(names)} drugs.")
    if disputed:
        said.append(f"{len(disputed)} of {len(shown)} answers are disputed: the table says which, and why.")
    return " ".join(said)
