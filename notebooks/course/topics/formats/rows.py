"""What the charts and explorers of treatment formats read from the tables, and the tables of words they draw.

Nothing here knows a dose: the rows hold none, so that none can reach the screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ...display import Axes, Dots, Label, Mark, Span
from ...display.lines import LINE_PX, wrap
from ...evidence import nearest, reference, table
from ...evidence.records import Format

WEEKS = 10
# Status -> (colour, marker, what the word means), in the order in which charts show them.
STATUS = {
    "approved": ("ink", "s", "FDA reviewed this product for this use"),
    "approved for another use": ("ink", "o", "FDA reviewed this product, for something else than depression"),
    "off-label": ("ink", "D", "an approved product, given for a use outside its label"),
    "unapproved compounded": ("ink", "^", "mixed by a pharmacy; FDA never reviewed the product"),
    "investigational": ("muted", "x", "a maker's product, in trials only"),
}
FAMILIES = {"ketamine family": ("blue", "o"), "opioid": ("orange", "D"), "opioid antagonist": ("ink", "s")}
# Basis of a step -> (dash, words). Anything but a rule is drawn broken.
BASIS = {
    "rule": ("solid", "rule"),
    "clinic protocol": ("dashed", "one clinic's protocol"),
    "study protocol": ("dashed", "study protocol"),
    "no rule found": ("dotted", "no rule found"),
    "not checked": ("dotted", "not checked"),
}
UNVERIFIED = "†"  # part of the row is from memory


def formats(families: Sequence[str] | None = None, uses: Sequence[str] | None = None) -> list:
    """Rows of `data/formats.csv`, all or those of some families and uses. Raises `ValueError` for an unknown one."""
    found = list(table(Format))
    for wanted, column in ((families, "family"), (uses, "use")):
        known = {getattr(row, column) for row in found}
        for value in wanted or ():
            if value not in known:
                raise ValueError(f"There is no {column} {value!r} in data/formats.csv. {nearest(value, known)}")
        if wanted is not None:
            found = [row for row in found if getattr(row, column) in wanted]
    return found


def plans(name: str) -> dict[str, list]:
    """Slug -> rows of that plan, in file order. name: session_steps or visit_plans."""
    found: dict[str, list] = {}
    for row in table(name):
        found.setdefault(row.plan, []).append(row)
    return found


def plan(name: str, slug: str) -> list:
    """The rows of one plan. Raises `ValueError` with the nearest slug."""
    known = plans(name)
    if slug not in known:
        raise ValueError(f"There is no plan {slug!r} in data/{name}.csv. {nearest(slug, known)}")
    return known[slug]


def family_colour(rows: Sequence) -> str:
    """The color of the drug family whose calendar these rows are."""
    families = {row.id: row.family for row in formats()}
    return FAMILIES.get(families.get(rows[0].format_id, ""), ("ink", "o"))[0]


def step(rows: Sequence, kind: str):
    """The step of this kind in a treatment day, or None."""
    return next((row for row in rows if row.step == kind), None)


def visits_by_week(rows: Sequence, *, most: bool) -> list[float]:
    """Visits in each of the ten weeks, by the fewest or the most that the plan gives.

    Less than one a week means a first visit at the start of the phase, then one at each interval.
    """
    weeks = [0.0] * WEEKS
    for row in rows:
        per_week = row.high_visits_per_week if most else row.low_visits_per_week
        first, last = int(row.week_from), int(row.week_to)
        if per_week >= 1:
            for week in range(first, last + 1):
                weeks[week - 1] += per_week
        elif per_week > 0:
            for number in range(math.ceil((last - first + 1) * per_week - 1e-9)):
                weeks[first - 1 + round(number / per_week)] += 1
    return weeks


def hours_by_week(rows: Sequence, *, most: bool) -> list[tuple[float, float]] | None:
    """(least, most) hours in the clinic in each week; None where the hours of a visit are not known.

    Where only the lower figure is known, both are that figure.
    """
    if any(row.low_hours_per_visit is None for row in rows):
        return None
    weeks = [(0.0, 0.0)] * WEEKS
    for row in rows:
        high = row.low_hours_per_visit if row.high_hours_per_visit is None else row.high_hours_per_visit
        for week, count in enumerate(visits_by_week([row], most=most)):
            low_h, high_h = weeks[week]
            weeks[week] = (low_h + count * row.low_hours_per_visit, high_h + count * high)
    return weeks


@dataclass(frozen=True)
class Total:
    """Ten weeks of a plan: fewest and most visits, and hours where they are known."""

    low_visits: float
    high_visits: float
    low_hours: float | None
    high_hours: float | None
    basis: str

    @classmethod
    def of(cls, rows: Sequence) -> Total:
        fewest, most = hours_by_week(rows, most=False), hours_by_week(rows, most=True)
        return cls(
            sum(visits_by_week(rows, most=False)),
            sum(visits_by_week(rows, most=True)),
            sum(low for low, _ in fewest) if fewest else None,
            sum(high for _, high in most) if most else None,
            rows[0].hours_basis,
        )

    def visits_text(self) -> str:
        last = round(self.high_visits)
        return f"{span_text(self.low_visits, self.high_visits)} visit{'' if last == 1 else 's'}"

    def hours_text(self) -> str:
        if self.low_hours is None:
            return {"not fixed": "no fixed time"}.get(self.basis, "hours not checked")
        said = f"{span_text(self.low_hours, self.high_hours)} hours"
        return {
            "at least": f"at least {said}",
            "about": f"about {said}",
            "infusion alone": f"{said} of infusion alone",
        }[self.basis]


def span_text(low: float, high: float) -> str:
    """'13 to 14', or one number where both round to the same."""
    one, other = f"{low:.0f}", f"{high:.0f}"
    return one if one == other else f"{one} to {other}"


def minutes_text(low: float | None, high: float | None) -> str:
    """'at least 120 min', '60 min', '5 to 10 min', or ''."""
    if low is None:
        return ""
    if high is None:
        return f"at least {low:.0f}\u00a0min"
    return f"{low:.0f}\u00a0min" if low == high else f"{low:.0f} to {high:.0f}\u00a0min"


def driving_text(row) -> str:
    """The driving step in a few words, with what it rests on."""
    if row.until in ("not checked", "no rule found"):
        return "not checked" if row.until == "not checked" else "no federal rule found"
    if row.until == "not stated":
        return f"{row.step_text[0].lower()}{row.step_text[1:]}; until when not stated ({BASIS[row.basis][1]})"
    return f"not until {row.until} ({BASIS[row.basis][1]})"


def watching_text(row) -> str:
    """Time watched after a dose, by format, in a few words."""
    if row.monitoring_min_minutes is not None:
        return f"at least {row.monitoring_min_minutes:.0f} min ({BASIS[row.monitoring_basis][1]})"
    return {"rule": row.monitoring_rule, "study protocol": "in the study; how long not checked"}.get(
        row.monitoring_basis, BASIS[row.monitoring_basis][1]
    )


def unverified(rows: Sequence) -> str:
    """A dagger if any row is from memory."""
    return f" {UNVERIFIED}" if any(row.verification == "recalled" for row in rows) else ""


def source_keys(rows: Sequence) -> list[str]:
    """Keys behind rows of formats: of the status, and of the rules."""
    return [key for row in rows for key in (row.source, getattr(row, "rule_source", "")) if key]


def source_labels(row) -> str:
    """The short names of a format's sources."""
    return "; ".join(dict.fromkeys(reference(key).label for key in source_keys([row])))


@dataclass(frozen=True)
class WordRow:
    """A row of a table of words. A head spans the picture; cells stand in the columns."""

    name: str
    cells: Sequence[str]
    colour: str = "ink"
    marker: str = ""
    head: bool = False


def word_picture(
    columns: Sequence[tuple[str, float]], rows: Sequence[WordRow], width: int = 520
) -> tuple[Axes, list[Mark], int]:
    """Axes, marks and height of a table of words that is a picture. columns: (heading, left edge in pixels)."""
    edges = [edge for _, edge in columns] + [width]
    laid: list[tuple[WordRow, list[str], float]] = []
    for row in rows:
        texts = (
            [row.cells[0], wrap(row.cells[1], width - edges[0] - 4)]
            if row.head
            else [
                wrap(cell, edges[place + 1] - edges[place] - 10, bold=place == 0)
                for place, cell in enumerate(row.cells)
            ]
        )
        lines = 1 + texts[1].count("\n") + 1 if row.head else max(text.count("\n") + 1 for text in texts)
        laid.append((row, texts, lines * LINE_PX + 12))
    top = 30.0 if any(heading for heading, _ in columns) else 4.0
    height = math.ceil(top + sum(size for *_, size in laid) + 8)
    marks: list[Mark] = [
        Label(f"column-{place}", "muted", edge, height - 15, heading, bold=True)
        for place, (heading, edge) in enumerate(columns)
        if heading
    ]
    place = top
    for row, texts, size in laid:
        middle = height - (place + size / 2)
        if place > top or top > 10:
            marks.append(Span(f"rule-{row.name}", "line", 0, height - place, width, height - place, 1))
        if row.marker:
            up = LINE_PX * 0.5 * (1 + texts[1].count("\n")) if row.head else 0
            marks.append(Dots(f"mark-{row.name}", row.colour, [edges[0] - 14], [middle + up], row.marker, 11))
        if row.head:
            first = middle + LINE_PX * 0.5 * (1 + texts[1].count("\n"))
            marks.append(Label(f"head-{row.name}", row.colour, edges[0], first, texts[0], bold=True, size=16))
            marks.append(Label(f"meaning-{row.name}", "muted", edges[0], middle - LINE_PX * 0.5, texts[1]))
        else:
            for number, text in enumerate(texts):
                bold, colour = number == 0, row.colour if number == 0 else "ink"
                marks.append(Label(f"cell-{row.name}-{number}", colour, edges[number], middle, text, bold=bold))
        place += size
    axes = Axes("", (0, width), [], "", (0, height), [], left=0, right=0, top=0, bottom=1, grid="")
    return axes, marks, height


@dataclass(frozen=True)
class Card:
    """A thing and what is said of it: its name, and lines of (what, words)."""

    name: str
    title: str
    lines: Sequence[tuple[str, str]]
    colour: str = "ink"
    marker: str = ""


def card_picture(cards: Sequence[Card], width: int = 520) -> tuple[Axes, list[Mark], int]:
    """Axes, marks and height of things under each other, each with its name and a few lines of words."""
    first, indent = 84.0, 22.0
    laid = [
        (card, [(what, wrap(words, width - indent - first - 6)) for what, words in card.lines if words])
        for card in cards
    ]
    sizes = [LINE_PX * (1 + sum(text.count("\n") + 1 for _, text in lines)) + 16 for _, lines in laid]
    height = math.ceil(sum(sizes) + 4)
    marks: list[Mark] = []
    top = 0.0
    for (card, lines), size in zip(laid, sizes, strict=True):
        y = height - top
        if top:
            marks.append(Span(f"rule-{card.name}", "line", 0, y, width, y, 1))
        if card.marker:
            marks.append(Dots(f"mark-{card.name}", card.colour, [9], [y - 16], card.marker, 11))
        marks.append(Label(f"head-{card.name}", card.colour, indent, y - 16, card.title, bold=True))
        y -= 16 + LINE_PX / 2
        for number, (what, text) in enumerate(lines):
            rows = text.count("\n") + 1
            marks.append(Label(f"what-{card.name}-{number}", "muted", indent, y - LINE_PX / 2, what))
            marks.append(Label(f"says-{card.name}-{number}", "ink", indent + first, y - LINE_PX * rows / 2, text))
            y -= LINE_PX * rows
        top += size
    axes = Axes("", (0, width), [], "", (0, height), [], left=0, right=0, top=0, bottom=0, grid="")
    return axes, marks, height
