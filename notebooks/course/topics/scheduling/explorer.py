"""Which list a law puts a drug on: by place or by drug, and the guess that comes before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ...display import Chart, Control, Explorer, Label, Mark, Pick, PredictionView, Span, Table
from ...evidence import row
from ...evidence.records import Schedule
from . import rows as data
from .charts import page_axes
from .rows import NOT_CHECKED, SIGNS, head_text

VIEWS = {"place": "By place", "drug": "By drug"}
PLACE_X, DATE_X = 148, 372  # of the view by drug: where the word and the date stand
WORD_WIDTH = DATE_X - PLACE_X - 24
ROW_HEIGHT = 30


def draw_scheduling(view: str, subject: str) -> Chart:
    """Every checked drug of one place by its list, or the word of every place for one drug.

    view: "place" or "drug"; subject: a slug of that kind.
    """
    return _by_place(subject) if view == "place" else _by_drug(subject)


@cache
def _by_place(place: str) -> Chart:
    bands, missing = data.lists_of(place), data.unchecked(place)
    shown = {**bands, NOT_CHECKED: missing} if missing else bands
    heads, entries, bottom = data.placed(shown)
    rows = [entry for found in bands.values() for entry in found]
    name = rows[0].jurisdiction_name
    height = _height()
    stretch = (height - data.TOP) / (bottom - data.TOP)  # every view fills the picture
    heads = [(data.TOP + (y - data.TOP) * stretch, word) for y, word in heads]
    entries = [(x, data.TOP + (y - data.TOP) * stretch, found) for x, y, found in entries]
    return Chart(
        "scheduling",
        _place_title(name, bands),
        page_axes(height),
        _marks(
            [(x, label.y, label.text) for label, x in zip(data.legend(height - 24), _columns(), strict=True)],
            [(height - y, word) for y, word in heads],
            [
                (x, height - y, data.kind_of(found.drug), data.read(found), data.says(found))
                for x, y, found in entries
                if found not in missing
            ],
            [(x + 11, height - y, found.name, "muted" if found in missing else "ink") for x, y, found in entries],
        ),
        data.summary(place),
        Table(
            f"{name}: {rows[0].law}",
            ("List", "Drug", "Product", "Opioid?", "Listed under", *data.COLUMNS),
            [
                (
                    found.schedule,
                    data.drugs()[found.drug],
                    found.product,
                    found.family,
                    found.listed_as or NOT_CHECKED,
                    *data.source_cells(found),
                )
                for found in rows
            ]
            + [(NOT_CHECKED, found.name, "", found.family, *[""] * (1 + len(data.COLUMNS))) for found in missing],
        ),
        [found.source for found in rows],
        caveat=data.CAVEAT,
        width=data.WIDTH,
        height=height,
    )


@cache
def _by_drug(drug: str) -> Chart:
    name, kind, height = data.drugs()[drug], data.family(drug), _height()
    places = data.jurisdictions()
    row_height = (height - data.TOP) / len(places)
    heads, points, words, table = [], [], [], []
    for index, (place, title) in enumerate(places.items()):
        y = height - data.TOP - row_height * index
        rows = sorted(data.cell(drug, place), key=data.order)
        heads.append((y, title))
        if not rows:
            words += [(PLACE_X + 11, y, NOT_CHECKED, "muted"), (DATE_X, y, "", "muted")]
            table.append((title, NOT_CHECKED, *[""] * (2 + len(data.COLUMNS))))
            continue
        points.append((PLACE_X, y, data.kind_of(drug), all(map(data.read, rows)), "; ".join(map(data.says, rows))))
        words += [(PLACE_X + 11, y, _word(rows), "ink"), (DATE_X, y, _dated(rows), "ink")]
        table += [
            (title, found.schedule, found.product, found.listed_as or NOT_CHECKED, *data.source_cells(found))
            for found in rows
        ]
    used = [found for place in places for found in data.cell(drug, place)]
    return Chart(
        "scheduling",
        _drug_title(name, used),
        page_axes(height),
        _marks(
            [
                (PLACE_X - 8, height - 24, f"{SIGNS[data.kind_of(drug)]} {kind}"),
                (DATE_X, height - 24, "since"),
            ],
            heads,
            points,
            words,
            bold=False,
        ),
        _summary_of_drug(name, kind, used),
        Table(
            f"{name}: every place of the table",
            ("Place", "The law's word", "Product", "Listed under", *data.COLUMNS),
            table,
        ),
        [found.source for found in used],
        caveat=data.CAVEAT + " Words of different laws cannot be compared.",
        width=data.WIDTH,
        height=height,
    )


def _drug_title(name: str, used: Sequence) -> str:
    """In how many of the places looked up a law lists the drug."""
    listed = {found.jurisdiction for found in used if found.controlled == "yes"}
    looked = {found.jurisdiction for found in used}
    words = {head_text(found.short) for found in used if found.controlled == "yes"}
    if not listed:
        return f"{name} is listed in none of {len(looked)} places that were looked up"
    by = f", by {len(words)} different words" if len(words) > 1 else ""
    return f"{name} is listed in {len(listed)} of {len(looked)} places{by}"


def _place_title(name: str, bands) -> str:
    """Whether a list of this place tells an opioid from another drug."""
    mixed = [word for word, rows in bands.items() if len({row.family == "not an opioid" for row in rows}) == 2]
    verb = "holds" if len(mixed) == 1 else "hold"
    if mixed:
        return f"{name}: {len(mixed)} of {len(bands)} lists {verb} opioids and other drugs side by side"
    return f"{name}: no list that was checked holds opioids and other drugs side by side"


def _summary_of_drug(name: str, kind: str, used: Sequence) -> str:
    """Counts, the first and the last dated listing, where it is free, and the day; the words are in the table."""
    listed, free = (
        {found.jurisdiction: data.the(found.jurisdiction_name) for found in used if found.controlled == word}
        for word in ("yes", "no")
    )
    dated = sorted(
        (found for found in used if found.controlled == "yes" and found.date_status == "read"),
        key=lambda found: data.year_of(found.effective_date),
    )
    ends = dated if len(dated) < 2 else [dated[0], dated[-1]]
    leads = ("Oldest date read", "Newest") if len(ends) == 2 else ("Date read",)
    everywhere = len(data.jurisdictions())
    said = [
        f"{name}, {kind}: looked up in {len(listed | free)} of {everywhere} places. "
        f"Listed in {len(listed)}, not listed in {len(free)}.",
        *(
            f"{text}: {data.the(found.jurisdiction_name)}, {found.schedule}, since {data.since(found)}."
            for text, found in zip(leads, ends, strict=False)
        ),
        f"Not listed: {', '.join(free.values())}." if free else "",
        f"Last checked on {data.latest_check(used)}.",
    ]
    return " ".join(text for text in said if text)


def _word(rows: Sequence) -> str:
    """What a line says: the law's own word where it fits, else the short one; several lists one after the other."""
    words = list(dict.fromkeys(head_text(found.short) if len(rows) > 1 else found.schedule for found in rows))
    text = ", ".join(words)
    if data.text_width(text) > WORD_WIDTH:
        text = ", ".join(dict.fromkeys(found.short for found in rows))
    return text


def _dated(rows: Sequence) -> str:
    """The date of the line; where products differ, the table has each."""
    dates = {(found.effective_date, found.date_status) for found in rows}
    if len(dates) > 1:
        return "by product"
    ((date, status),) = dates
    if not date:
        return f"date {NOT_CHECKED}" if rows[0].controlled == "yes" else "no date"
    return data.day_text(date) + (" †" if status == "recalled" else "")


def _columns() -> tuple[float, float]:
    return data.CELL_X[0] - 8, data.OTHERS_X


@cache
def _slots() -> tuple[int, int]:
    """How many headings and names the fullest view needs, so that every view has the same marks."""
    places = data.jurisdictions()
    fullest = max(sum(map(len, data.lists_of(place).values())) + len(data.unchecked(place)) for place in places)
    return max(len(places), *(len(data.lists_of(place)) + 1 for place in places)), max(fullest, 2 * len(places))


@cache
def _height() -> int:
    """The height of the tallest view."""
    tallest = max(
        data.placed({**data.lists_of(place), NOT_CHECKED: data.unchecked(place)})[2] for place in data.jurisdictions()
    )
    return int(max(tallest, data.TOP + ROW_HEIGHT * len(data.jurisdictions())))


def _marks(columns, heads, points, words, bold: bool = True) -> list[Mark]:
    """The marks of a view, padded to the slots with empty ones."""
    head_slots, word_slots = _slots()
    marks: list[Mark] = [
        Label(f"column-{index}", "ink", x, y, text, bold=True) for index, (x, y, text) in enumerate(columns)
    ]
    for index in range(head_slots):
        y, word = heads[index] if index < len(heads) else (-100, "")
        marks.append(Span(f"rule-{index}", "line", data.HEAD_X, y + 14, data.WIDTH, y + 14, 1))
        marks.append(data.heading(f"head-{index}", y, word, bold))
    marks += data.dots(points)
    for index in range(word_slots):
        x, y, text, colour = words[index] if index < len(words) else (0, 0, "", "ink")
        marks.append(Label(f"word-{index}", colour, x, y, text))
    return marks


scheduling = Explorer(
    id="scheduling",
    name="One drug, many laws",
    draw=draw_scheduling,
    main="subject",
    controls=[
        Control("view", "Look", VIEWS, "drug", "radio"),
        Control(
            "subject",
            "Place or drug",
            {"place": data.jurisdictions(), "drug": dict(sorted(data.drugs().items(), key=lambda item: item[1]))},
            {"place": "us", "drug": "ketamine"},
            by="view",
            hint="A hollow shape, or a dagger, is from memory and unverified.",
        ),
    ],
    presets={
        "Ketamine everywhere": {"view": "drug", "subject": "ketamine"},
        "Buprenorphine everywhere": {"view": "drug", "subject": "buprenorphine"},
        "Codeine everywhere": {"view": "drug", "subject": "codeine"},
        "United States": {"view": "place", "subject": "us"},
        "United Kingdom": {"view": "place", "subject": "uk"},
        "United Nations": {"view": "place", "subject": "un"},
    },
    leaves_out={
        "danger": "A schedule weighs harm but does not measure it. It sets rules for making, selling and prescribing.",
        "mechanism": "It does not say how a drug works. Opioids and others share most lists.",
        "states": "Laws of states, provinces and cities can be stricter, and are not here.",
        "later changes": "Lists change. Each row says on which day it was last checked.",
    },
    simulates=False,
    sources=lambda: (found.source for found in data.current()),
)


def predict_scheduling() -> PredictionView:
    """Guess which drug shares ketamine's US schedule, and which opioid no US schedule holds."""
    ketamine = row("SC01", Schedule)
    offered = [row(row_id, Schedule) for row_id in ("SC12", "SC22", "SC23", "SC11")]
    same = [found for found in offered if found.schedule == ketamine.schedule]
    free = [row(row_id, Schedule) for row_id in ("SC17", "SC25", "SC29", "SC22")]
    unlisted = [found for found in free if found.controlled == "no"]
    lists = "; ".join(f"{found.name} {head_text(found.short)}" for found in dict.fromkeys([*offered, *free]))
    return PredictionView(
        "scheduling",
        f"In the United States ketamine is in {ketamine.schedule}. Before you look at the lists, two guesses.",
        [
            Pick(
                "same",
                "Which of these is in the same schedule as ketamine?",
                {found.drug: f"{found.name} ({found.family})" for found in offered},
                same[0].drug,
            ),
            Pick(
                "unlisted",
                "Which of these opioids is no controlled substance at all?",
                {found.drug: found.name for found in free},
                unlisted[0].drug,
            ),
        ],
        f"All of these are opioids, and they are spread over the lists: {lists}. So “Schedule III” does not mean "
        "“not an opioid”, and “opioid” does not mean “Schedule II”.",
        [ketamine.source, *(found.source for found in [*offered, *free])],
    )
