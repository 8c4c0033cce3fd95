"""The history of opioids and of ketamine: events on a line of years, stacked where they crowd."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from ...arguments import check_between
from ...display import Area, Axes, Chart, ChartView, Dots, Label, Mark, Span, Table
from ...evidence import reference, table
from ...evidence.records import Event
from ..scheduling.rows import GAP, HOW_KNOWN, day_text, text_width, year_of

LANES = {"opioid": "Opioids", "both": "Both", "ketamine": "Ketamine and its relatives"}
LANE_COLOURS = {"opioid": "orange", "both": "ink", "ketamine": "blue"}
KINDS = {"medicine": "a medicine", "law": "law or advice", "study": "a study", "person": "a death"}
KIND_MARKERS = {"medicine": "o", "law": "s", "study": "^", "person": "x"}
KIND_SIGNS = {"medicine": "●", "law": "■", "study": "▲", "person": "✕"}
COLUMNS = ("Date", "Event", "Family", "Kind", "How we know it", "Source", "Checked on", "Row")

WIDTH, HEIGHT = 520, 540
LEFT, RIGHT = 22, 498  # where the years begin and end
STEP = 11  # between dots of a stack
LABEL_ROWS = (34, 53)  # how far labels stand below the lowest dots
LANE_TOP, LANE_BOTTOM = 30, 64  # of a lane: for its name over the dots, and for the labels under them
FOOT, HEAD = 36, 58  # of the picture: for the years, and for the meaning of the shapes
MOST_LABELS = 10  # to a lane; two rows never hold more
TICK_TEXT = 20
BEND = 1990  # where a line of many years turns to a wider scale: most events came later
BEND_SHARE = 0.42


@cache
def events() -> tuple:
    """Every event, in order of date."""
    return tuple(sorted(table(Event), key=lambda row: (year_of(row.date), row.id)))


def bends(first: float, last: float) -> bool:
    """Whether this span is so long that the years since `BEND` are drawn wider."""
    return first < BEND < last and last - first > 100


def widening(last: float) -> int:
    """How many times wider a year is drawn after `BEND` than before, on a line from 1800."""
    before, after = (x_of(year + 1, 1800, last) - x_of(year, 1800, last) for year in (BEND - 2, BEND))
    return round(after / before)


def x_of(year: float, first: float, last: float) -> float:
    """Where a year stands, in pixels."""
    if not bends(first, last):
        share = (year - first) / (last - first)
    elif year <= BEND:
        share = BEND_SHARE * (year - first) / (BEND - first)
    else:
        share = BEND_SHARE + (1 - BEND_SHARE) * (year - BEND) / (last - BEND)
    return LEFT + (RIGHT - LEFT) * share


def stacked(places: Sequence[float]) -> list[int]:
    """The level of each dot above its line, 0 first, so that dots nearer than a step do not cover each other.

    places: in pixels, from left to right.
    """
    last_at: list[float] = []
    levels = []
    for x in places:
        level = next((index for index, other in enumerate(last_at) if x - other >= STEP), len(last_at))
        last_at[level : level + 1] = [x]
        levels.append(level)
    return levels


def labelled(rows: Sequence, first: float, last: float) -> list[tuple]:
    """(row, x, row of labels) for the landmarks whose labels fit without covering each other, by importance."""
    taken: dict[tuple[str, int], list[tuple[float, float]]] = {}
    found = []
    for row in sorted((row for row in rows if row.landmark), key=lambda row: (row.landmark, row.date)):
        half = text_width(row.label) / 2
        x = min(max(x_of(year_of(row.date), first, last), 4 + half), WIDTH - 4 - half)
        for level in range(len(LABEL_ROWS)):
            others = taken.setdefault((row.family, level), [])
            if all(x + half + 8 < low or x - half - 8 > high for low, high in others):
                others.append((x - half, x + half))
                found.append((row, x, level))
                break
    return found


def lane_places(rows: Sequence, first: float, last: float) -> dict[str, tuple[float, float]]:
    """Lane -> (the lowest dots, its name), in pixels from the bottom, for the lanes that hold an event.

    They share the whole height by what their stacks need, so that no lane stands empty.
    """
    needs = {
        lane: LANE_TOP + LANE_BOTTOM + STEP * max(stacked([x_of(year_of(row.date), first, last) for row in found]))
        for lane in LANES
        if (found := [row for row in rows if row.family == lane])
    }
    spare = max(0.0, HEIGHT - HEAD - FOOT - sum(needs.values())) / max(1, len(needs))
    top, places = float(HEIGHT - HEAD), {}
    for lane, need in needs.items():
        bottom = top - need - spare
        places[lane] = (bottom + LANE_BOTTOM + spare / 3, top - 16 - spare / 3)
        top = bottom
    return places


def lane_marks(rows: Sequence, first: float, last: float) -> list[Mark]:
    """The marks of all lanes; their names and number are the same for any rows."""
    marks: list[Mark] = []
    placed, places = labelled(rows, first, last), lane_places(rows, first, last)
    for lane, title in LANES.items():
        colour = LANE_COLOURS[lane]
        base, name_y = places.get(lane, (-90.0, -90.0))
        here = [row for row in rows if row.family == lane]
        xs = [x_of(year_of(row.date), first, last) for row in here]
        spots = list(zip(xs, stacked(xs), here, strict=True))
        marks.append(Span(f"line-{lane}", "edge", LEFT - 10, base - 12, RIGHT + 10, base - 12, 1))
        events_words = f"{title}: {len(here)} event{'s' * (len(here) != 1)}" if here else ""
        marks.append(Label(f"lane-{lane}", colour, 6, name_y, events_words, bold=True))
        labels = [item for item in placed if item[0].family == lane][:MOST_LABELS]
        for index in range(MOST_LABELS):
            row, x, level = labels[index] if index < len(labels) else (None, -50.0, 0)
            dot = x_of(year_of(row.date), first, last) if row else -50.0
            marks.append(Span(f"lead-{lane}-{index}", "edge", dot, base - 12, dot, base - LABEL_ROWS[level] + 9, 1))
        for index in range(MOST_LABELS):
            row, x, level = labels[index] if index < len(labels) else (None, 0.0, 0)
            text = row.label if row else ""
            marks.append(Label(f"label-{lane}-{index}", "ink", x, base - LABEL_ROWS[level], text, align="center"))
        for kind, marker in KIND_MARKERS.items():
            for was_read in (True, False):
                some = [
                    (x, base + STEP * level, row)
                    for x, level, row in spots
                    if row.kind == kind and (row.verification != "recalled") == was_read
                ]
                marks.append(
                    Dots(
                        f"{lane}-{kind}-{'read' if was_read else 'unread'}",
                        colour,
                        [x for x, _, _ in some],
                        [y for _, y, _ in some],
                        marker,
                        9,
                        was_read,
                        [says(row) for _, _, row in some],
                    )
                )
    return marks


def concerned(rows: Sequence) -> str:
    """How many of the events concern ketamine, opioids, or both: a message that holds for any selection."""
    if not rows:
        return "No event of this course falls into this selection"
    counts = {lane: sum(row.family == lane for row in rows) for lane in LANES}
    words = {"ketamine": "ketamine and its relatives", "opioid": "opioids", "both": "both"}
    said = [f"{counts[lane]} {words[lane]}" for lane in sorted(words, key=lambda lane: -counts[lane]) if counts[lane]]
    lead, rest = said[0], said[1:]
    number, _, what = lead.partition(" ")
    if not rest:
        return (
            f"The one event here concerns {what}" if len(rows) == 1 else f"All {len(rows)} events here concern {what}"
        )
    return f"{number} of {len(rows)} events here concern {what}, {' and '.join(rest)}"


def years_under(first: int, last: int) -> list[int]:
    """The years written under the line: at most seven, and of a bent line the bend itself."""
    if bends(first, last):
        early = [year for year in range(first - first % 50, BEND - 19, 50) if year >= first]
        return [*early, *range(BEND, last + 1, 10 if last - BEND <= 40 else 20)]
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if (last - first) / step <= 6)
    return [year for year in range(first - first % step, last + 1, step) if year >= first]


def frame_marks(first: int, last: int, ticks: Iterable[int], slots: int) -> list[Mark]:
    """The years under the lanes and the meaning of the shapes, always with the same names."""
    years = list(ticks)
    x = x_of(BEND, first, last)
    wide = ([x, RIGHT + 10], [34, 34], [HEIGHT - HEAD + 8, HEIGHT - HEAD + 8]) if bends(first, last) else ((), (), ())
    marks: list[Mark] = [Area("bend-wide", "edge", *wide, opacity=0.14)]
    for index in range(slots):
        here = index < len(years)
        x = x_of(years[index], first, last) if here else -50
        marks.append(Span(f"tick-{index}", "line", x, 34, x, HEIGHT - HEAD + 8, 1))
        marks.append(Label(f"year-{index}", "muted", x, TICK_TEXT, str(years[index]) if here else "", align="center"))
    words = GAP.join(f"{KIND_SIGNS[kind]} {text}" for kind, text in KINDS.items())
    marks.append(Label("shapes", "muted", 6, HEIGHT - 14, words))
    bent = bends(first, last)
    x = x_of(BEND, first, last) if bent else -50
    marks.append(Span("bend", "ink", x, 34, x, HEIGHT - HEAD + 8, 2, "dashed"))
    marks.append(
        Label("bend-before", "ink", x, HEIGHT - HEAD + 20, f"to {BEND}: narrow" if bent else "", -8, align="right")
    )
    after = f"from {BEND}: years {widening(last)} times wider" if bent else ""
    marks.append(Label("bend-after", "ink", x, HEIGHT - HEAD + 20, after, 8, bold=True))
    return marks


def page_axes() -> Axes:
    """Axes that count the pixels of the picture, with nothing drawn."""
    return Axes("", (0, WIDTH), {}, "", (0, HEIGHT), {}, left=0, right=0, top=0, bottom=0, grid="")


def says(row) -> str:
    """What a dot says to pointer and keyboard."""
    unread = " (date from memory, unverified)" if row.verification == "recalled" else ""
    return f"{day_text(row.date)}: {row.event}{unread}. {reference(row.source).label}"


def event_table(caption: str, rows: Sequence) -> Table:
    """All events of a selection, oldest first."""
    return Table(
        caption,
        COLUMNS,
        [
            (
                day_text(row.date),
                row.event + (f". {row.note}" if row.note else ""),
                LANES[row.family],
                row.kind,
                HOW_KNOWN[row.verification],
                reference(row.source).label,
                row.date_checked.isoformat(),
                row.id,
            )
            for row in rows
        ],
    )


def described(rows: Sequence) -> str:
    """How many events there are in each lane, and the first and last of them."""
    if not rows:
        return "No event of our table falls into this selection."
    counts = ", ".join(
        f"{sum(row.family == lane for row in rows)} {title.lower() if lane != 'both' else 'of both'}"
        for lane, title in LANES.items()
        if any(row.family == lane for row in rows)
    )
    first, last = rows[0], rows[-1]
    return (
        f"{len(rows)} events ({counts}), from {day_text(first.date)} ({first.event}) to {day_text(last.date)} "
        f"({last.event}). The table has each event with its source."
    )


def scale_note(first: float, last: float) -> str:
    """What a caveat says of a line whose scale changes."""
    return (
        f"The scale changes in {BEND}: after it, a year is drawn {widening(last)} times wider. "
        if bends(first, last)
        else ""
    )


def two_histories(first: int = 1800, last: int = 2030) -> ChartView:
    """Both families on one line of years.

    first, last: the years between which events are shown. Raises `ValueError` if there are none.
    """
    check_between("first", first, 1750, 2020)
    check_between("last", last, first + 10, 2040)
    rows = [row for row in events() if first <= year_of(row.date) <= last]
    if not rows:
        raise ValueError(f"No event of data/timeline.csv lies between {first} and {last}. Try first=1800, last=2030.")
    ticks = years_under(first, last)
    oldest = {lane: next((row for row in rows if row.family == lane), None) for lane in ("opioid", "ketamine")}
    gap = (
        round(year_of(oldest["ketamine"].date)) - round(year_of(oldest["opioid"].date))
        if all(oldest.values())
        else None
    )
    return ChartView(
        Chart(
            "two-histories",
            f"The first event of ketamine comes {gap} years after the first of the opioids"
            if gap is not None and gap > 0
            else concerned(rows),
            page_axes(),
            [*frame_marks(first, last, ticks, len(ticks)), *lane_marks(rows, first, last)],
            described(rows),
            event_table(f"Events from {first} to {last}", rows),
            [row.source for row in rows],
            caveat=scale_note(first, last)
            + "A selection of events, not a complete history. Each dot says its event; the table has all of them.",
            width=WIDTH,
            height=HEIGHT,
            subtitle="Events that this course speaks of, one shape each; hollow: from memory.",
        )
    )
