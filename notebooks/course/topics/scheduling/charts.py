"""Charts on scheduling: the lists of one place, drugs by place, what US law asks, and when ketamine was listed."""

from __future__ import annotations

from collections.abc import Sequence

from ...display import Axes, Chart, ChartView, Dots, Label, Mark, Span, Table
from ...evidence import reference, table
from ...evidence.records import CsaFinding, Schedule
from . import rows as data
from .rows import NOT_CHECKED, SIGNS, head_text

MATRIX_DRUGS = ("ketamine", "morphine", "buprenorphine", "tramadol")
MATRIX_WIDTH = 4
EXAMPLES = 3
DESCRIBED = 3  # places of the matrix whose words the description says; the table says all


def schedule_lists(jurisdiction: str = "us") -> ChartView:
    """Every drug of the table on the list where one place puts it, opioids and others side by side.

    jurisdiction: a slug of `data/schedules.csv`. Raises `ValueError` with the nearest name for an unknown one.
    """
    data.check("place", jurisdiction, data.jurisdictions())
    bands = data.lists_of(jurisdiction)
    heads, entries, bottom = data.placed(bands)
    rows = [row for found in bands.values() for row in found]
    place = data.the(rows[0].jurisdiction_name)
    mixed = [word for word, found in bands.items() if len({row.family == "not an opioid" for row in found}) == 2]
    height = int(bottom)
    return ChartView(
        Chart(
            f"schedule-lists-{jurisdiction}",
            f"In {place} the list does not tell you whether a drug is an opioid"
            if mixed
            else f"In {place} no list that was checked holds both opioids and other drugs",
            page_axes(height),
            [
                *data.legend(height - 24),
                *(data.heading(f"head-{word}", height - y, word) for y, word in heads),
                *(
                    Span(f"rule-{word}", "line", data.HEAD_X, height - y + 14, data.WIDTH, height - y + 14, 1)
                    for y, word in heads
                ),
                *data.dots(
                    [(x, height - y, data.kind_of(row.drug), data.read(row), data.says(row)) for x, y, row in entries]
                ),
                *(Label(f"name-{row.id}", "ink", x + 11, height - y, row.name) for x, y, row in entries),
            ],
            data.summary(jurisdiction) + " A hollow shape is from memory and unverified.",
            Table(
                f"{rows[0].jurisdiction_name}: {rows[0].law}",
                ("List", "Drug", "Product", "Opioid?", "Listed under", *data.COLUMNS),
                [
                    (
                        row.schedule,
                        data.drugs()[row.drug],
                        row.product,
                        row.family,
                        row.listed_as or NOT_CHECKED,
                        *data.source_cells(row),
                    )
                    for row in rows
                ],
            ),
            [row.source for row in rows],
            caveat=data.CAVEAT,
            width=data.WIDTH,
            height=height,
        )
    )


def _matrix_title(words: dict, drugs: Sequence[str]) -> str:
    """How many different words the places use for the first drug."""
    said = [word for (drug, _), word in words.items() if drug == drugs[0] and word not in (NOT_CHECKED, "not listed")]
    return f"For {data.drugs()[drugs[0]].lower()}, {len(said)} places that list it use {len(set(said))} different words"


def page_axes(height: int) -> Axes:
    """Axes that count the pixels of the picture, with nothing drawn."""
    return Axes(
        "",
        (0, data.WIDTH),
        {},
        "",
        (0, height),
        {},
        left=0,
        right=0,
        top=0,
        bottom=0,
        grid="",
    )


def schedule_matrix(drugs: Sequence[str] = MATRIX_DRUGS, jurisdictions: Sequence[str] | None = None) -> ChartView:
    """The word of each place for each drug. What was not looked up says "not checked".

    drugs: up to four slugs of `data/schedules.csv`. jurisdictions: slugs; all of the table if not given. Raises
    `ValueError` with the nearest name for an unknown one.
    """
    if not 1 <= len(drugs) <= MATRIX_WIDTH:
        raise ValueError(f"schedule_matrix shows 1 to {MATRIX_WIDTH} drugs side by side; {len(drugs)} were given.")
    for drug in drugs:
        data.check("drug", drug, data.drugs())
    places = [data.check("place", place, data.jurisdictions()) for place in jurisdictions or data.jurisdictions()]
    words = {(drug, place): data.short_text(drug, place) for drug in drugs for place in places}
    row_heights = [43 + 18 * any("\n" in words[drug, place] for drug in drugs) for place in places]
    height = 56 + sum(row_heights) + 6
    left, width = 2, (data.WIDTH - 4) / len(drugs)
    middles = [left + width * (index + 0.5) for index in range(len(drugs))]
    tops = [height - 56 - sum(row_heights[:index]) for index in range(len(places))]
    heights = [top - 18 - (tall - 18) / 2 for top, tall in zip(tops, row_heights, strict=True)]
    used = [row for drug in drugs for place in places for row in data.cell(drug, place)]
    counts = sum(word != NOT_CHECKED for word in words.values())
    unread = {
        drug: [data.jurisdictions()[place] for place in places if words[drug, place] == NOT_CHECKED] for drug in drugs
    }
    return ChartView(
        Chart(
            "schedule-matrix",
            _matrix_title(words, drugs),
            page_axes(height),
            [
                *(
                    Label(f"drug-{drug}", "ink", x, height - 18, data.drugs()[drug], align="center", bold=True)
                    for drug, x in zip(drugs, middles, strict=True)
                ),
                *(
                    Label(
                        f"family-{drug}",
                        data.FAMILY_COLOURS[data.kind_of(drug)],
                        x,
                        height - 38,
                        f"{SIGNS[data.kind_of(drug)]} {data.family(drug)}",
                        align="center",
                    )
                    for drug, x in zip(drugs, middles, strict=True)
                ),
                *(Span(f"rule-{place}", "line", 6, y, data.WIDTH, y, 1) for place, y in zip(places, tops, strict=True)),
                *(
                    Label(f"place-{place}", "muted", 2, y - 11, data.jurisdictions()[place])
                    for place, y in zip(places, tops, strict=True)
                ),
                *(
                    Label(
                        f"cell-{drug}-{place}",
                        "muted" if words[drug, place] == NOT_CHECKED else "ink",
                        x,
                        y,
                        words[drug, place],
                        align="center",
                        bold=words[drug, place] not in (NOT_CHECKED, "not listed"),
                    )
                    for place, y in zip(places, heights, strict=True)
                    for drug, x in zip(drugs, middles, strict=True)
                ),
            ],
            f"{counts} of {len(words)} cells were checked, last on {data.latest_check(used)}. "
            + " ".join(
                f"{data.jurisdictions()[place]}: "
                + "; ".join(
                    f"{data.drugs()[drug].lower() if drug != 'pcp' else 'PCP'} "
                    + " and ".join(words[drug, place].splitlines())
                    for drug in drugs
                )
                + "."
                for place in places[:DESCRIBED]
            )
            + " The table has every cell. † from memory.",
            Table(
                "Each checked cell, with its source",
                ("Drug", "Place", "The law's word", "Product", *data.COLUMNS),
                [
                    (data.drugs()[row.drug], row.jurisdiction_name, row.schedule, row.product, *data.source_cells(row))
                    for row in used
                ]
                + [
                    (data.drugs()[drug], ", ".join(missing), NOT_CHECKED, *[""] * (1 + len(data.COLUMNS)))
                    for drug, missing in unread.items()
                    if missing
                ],
            ),
            [row.source for row in used],
            caveat=data.CAVEAT + " Words of different laws cannot be compared.",
            height=height,
        )
    )


def schedule_findings() -> ChartView:
    """What 21 USC 812(b) asks for each schedule, with examples from the table, opioids and others."""
    findings = [row for row in table(CsaFinding) if row.schedule]
    row_height, top = 78, 46
    height = top + row_height * len(findings) + 6
    columns = ((44, 136), (184, 150), (340, 176))
    lists = data.lists_of("us")
    marks: list[Mark] = [
        Label(f"column-{index}", "ink", x, height - 18, text, bold=True)
        for index, ((x, _), text) in enumerate(
            zip(columns, ("Abuse potential", "Medical use", "Dependence"), strict=True)
        )
    ]
    rows = []
    for place, row in enumerate(findings):
        y = height - top - row_height * place
        marks.append(Span(f"rule-{row.id}", "line", 6, y, data.WIDTH, y, 1))
        marks.append(Label(f"schedule-{row.id}", "ink", 6, y - 22, row.schedule, bold=True, size=18))
        cells = (row.abuse_potential_short, row.medical_use_short, row.dependence_short)
        for index, ((x, width), text) in enumerate(zip(columns, cells, strict=True)):
            marks.append(Label(f"finding-{row.id}-{index}", "ink", x, y - 22, _wrapped(text, width)))
        listed = lists.get(row.schedule, [])
        opioids, others = (_examples(listed, opioid) for opioid in (True, False))
        marks.append(
            Label(f"opioids-{row.id}", "orange", 44, y - 61, f"{SIGNS['opioid']} {data.fitting(opioids, 224)}")
        )
        marks.append(
            Label(f"others-{row.id}", "ink", 290, y - 61, f"{SIGNS['not an opioid']} {data.fitting(others, 210)}")
        )
        rows.append(
            (
                row.schedule,
                row.abuse_potential,
                row.medical_use,
                row.dependence,
                ", ".join(opioids),
                ", ".join(others),
                reference(row.source).label,
                row.id,
            )
        )
    return ChartView(
        Chart(
            "schedule-findings",
            "Three findings make a schedule. “Is it an opioid?” is not among them",
            page_axes(height),
            marks,
            " ".join(
                f"Schedule {row.schedule}: abuse potential {row.abuse_potential_short}; medical use "
                f"{row.medical_use_short}; dependence or safety {row.dependence_short}."
                for row in findings
            )
            + f" Both opioids and other drugs stand in {sum(bool(cells[4] and cells[5]) for cells in rows)} of "
            f"{len(rows)} schedules.",
            Table(
                "What 21 USC 812(b) asks, close to its words, with examples from our table",
                ("Schedule", "Potential for abuse", "Medical use", "Dependence or safety", "Opioids", "Not opioids")
                + ("Source", "Row"),
                rows,
            ),
            [
                *(row.source for row in findings),
                *(row.source for word in lists for row in lists[word] if row.controlled == "yes"),
            ],
            caveat="In few words here; the table is closer to the words of the statute.",
            height=height,
        )
    )


def _examples(rows: Sequence, opioid: bool) -> list[str]:
    """The first few drugs of a list, ketamine and buprenorphine before others, each drug once."""
    wanted = [row for row in rows if (row.family == "opioid") == opioid and row.family != "opioid blocker"]
    wanted.sort(key=lambda row: (row.drug not in ("ketamine", "buprenorphine", "pcp", "heroin", "morphine"), row.name))
    return list(dict.fromkeys(data.drugs()[row.drug] for row in wanted))[:EXAMPLES]


def _wrapped(text: str, width: float) -> str:
    """Two lines where the text is wider than `width` pixels at the size of a label."""
    if data.text_width(text) <= width:
        return text
    words = text.split()
    best = min(range(1, len(words)), key=lambda cut: max(len(" ".join(words[:cut])), len(" ".join(words[cut:]))))
    return " ".join(words[:best]) + "\n" + " ".join(words[best:])


def ketamine_control(drug: str = "ketamine") -> ChartView:
    """When each place put a drug on a control list, step by step; places that do not list it stand below.

    drug: a slug of `data/schedules.csv`. Raises `ValueError` with the nearest name for an unknown one.
    """
    data.check("drug", drug, data.drugs())
    name = data.drugs()[drug]
    every = [row for row in table(Schedule) if row.drug == drug]
    steps: dict[str, list] = {}
    for row in every:
        if row.controlled == "yes" and row.effective_date:
            steps.setdefault(row.jurisdiction, []).append(row)
    dated = sorted(steps.items(), key=lambda item: min(data.year_of(row.effective_date) for row in item[1]))
    if not dated:
        raise ValueError(f"No date was checked for {drug!r}. Try drug='ketamine'.")
    undated = [row for row in every if row.jurisdiction not in steps and not row.ended]
    lines = [place for place, _ in dated] + [row.jurisdiction for row in undated]
    heights = {place: len(lines) - index for index, place in enumerate(lines)}
    years = [data.year_of(row.effective_date) for _, rows in dated for row in rows]
    low, high = int(min(years)) - int(min(years)) % 5, max(row.date_checked.year for row in every)
    ticks = [year for year in range(low, high + 1, 5)]
    pixels_per_year = (data.WIDTH - 148) / (high + 1 - low)
    marks: list[Mark] = []
    for place, rows in dated:
        rows = sorted(rows, key=lambda row: row.effective_date)
        y = heights[place]
        first = data.year_of(rows[0].effective_date)
        marks.append(Span(f"since-{place}", "blue", first, y, high + 0.8, y, 3, opacity=0.35))
        for was_read in (True, False):
            some = [row for row in rows if (row.date_status == "read") == was_read]
            marks.append(
                Dots(
                    f"steps-{place}-{'read' if was_read else 'unread'}",
                    "blue",
                    [data.year_of(row.effective_date) for row in some],
                    [y] * len(some),
                    "o",
                    10,
                    was_read,
                    [data.says(row) for row in some],
                )
            )
        for row, text in _words(rows, pixels_per_year):
            year = data.year_of(row.effective_date)
            late = (high + 1 - year) * pixels_per_year < data.text_width(text)
            marks.append(
                Label(f"word-{row.id}", "ink", high + 1 if late else year, y, text, -4, 15, "right" if late else "left")
            )
    for row in undated:
        text = f"{'listed, date not checked' if row.controlled == 'yes' else row.schedule}"
        marks.append(Label(f"word-{row.id}", "muted", low, heights[row.jurisdiction], _shorter(text), 4))
    without = ", ".join(row.jurisdiction_name for row in undated if row.controlled == "no")
    return ChartView(
        Chart(
            f"control-of-{drug}",
            f"{name} entered drug-control lists at different times, and some do not hold it"
            if without
            else f"{name} entered drug-control lists at different times",
            Axes(
                "",
                (low - 0.3, high + 1),
                {year: str(year) for year in ticks},
                "",
                (0.3, len(lines) + 0.9),
                {heights[place]: data.jurisdictions()[place] for place in lines},
                left=134,
                top=8,
                right=14,
                bottom=36,
                grid="x",
            ),
            marks,
            f"{name} is listed with a date in {len(dated)} places, first in {_first(dated[0])}, last in "
            f"{_first(dated[-1])}. "
            + (f"Not listed where checked: {without}. " if without else "")
            + f"Last checked on {data.latest_check(every)}.",
            Table(
                f"Steps of control of {name.lower()}",
                ("Place", "The law's word", "Product", "Until", *data.COLUMNS),
                [
                    (
                        row.jurisdiction_name,
                        row.schedule,
                        row.product,
                        f"ended: {data.day_text(row.ended)}" if row.ended else "still holds",
                        *data.source_cells(row),
                    )
                    for row in sorted(every, key=lambda row: (-heights.get(row.jurisdiction, 0), row.effective_date))
                ],
            ),
            [row.source for row in every],
            caveat="Not all places were checked. Words of different laws cannot be compared.",
            width=data.WIDTH,
            height=46 + 37 * len(lines),
        )
    )


def _first(dated: tuple[str, Sequence]) -> str:
    """A place with the date of its first listing."""
    place, rows = dated
    date = min((row.effective_date for row in rows), key=data.year_of)
    return f"{data.the(data.jurisdictions()[place])} ({data.day_text(date)})"


def _words(rows: Sequence, pixels_per_year: float) -> list[tuple]:
    """(row, text) for each step; a step too near to the one before is named in the same text, "… then …"."""
    found: list[tuple] = []
    for row in rows:
        text = head_text(row.short)
        if found:
            before, said = found[-1]
            if said.endswith(text):
                text = ""
            room = (data.year_of(row.effective_date) - data.year_of(before.effective_date)) * pixels_per_year
            if text and data.text_width(said) > room:
                found[-1] = (before, f"{said}, then {text}")
                text = ""
        found.append((row, text)) if text else None
    return found


def _shorter(text: str) -> str:
    return text if data.text_width(text) <= data.WIDTH - 150 else text.split(",")[0]
