"""How breathing changed in controlled studies, over time or over the dose: the guess, and the explorer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from ...display import (
    Area,
    Axes,
    Chart,
    Control,
    Dots,
    Explorer,
    Guess,
    Label,
    Line,
    Mark,
    PredictionView,
    Span,
    Table,
)
from ...evidence import reference, row, sources_of
from ...evidence.records import Ventilation
from ...models.ventilation import apnoea_likely
from ..binding.rows import NBSP, level_text
from .rows import (
    ANCHOR,
    CLAMP,
    EMERGENCY,
    FIRST_MINUTES,
    HIGHEST,
    LOWEST,
    WEIGHT_KG,
    Course,
    esketamine_range,
    fentanyl_course,
    ketamine_line,
    litres,
    morphine_c50_ratio,
    morphine_course,
    morphine_slowest_min,
    source_of,
    value,
    with_esketamine,
)

# Doses are those of the studies, or inferred from them: no control offers any other.
SINGLE = {"fentanyl-low": "VE66", "fentanyl-middle": "VE68", "fentanyl-high": "VE70"}
TWO, TWO_FIRST, GAP = ("VE18", "VE19"), "VE12", "VE20"
MEASURED = {"naive": ("VE12", "VE13"), "buprenorphine": ("VE14", "VE15")}
NALOXONE = "VE55"
AS_STUDIED = {"volunteers": "healthy volunteers, as studied"}
GROUPS = {"naive": "new to opioids", "long-term": "long-term opioid use"}
UNTIL_MIN = {"single": 120, "two": 240, "morphine": 480}
NOT_A_SIGN = "A curve that looks normal does not show that anybody is out of danger."
SHARE = "The level in blood is drawn as a share of its highest drawn value."
HOUR_TICKS = {minute: f"{minute // 60}{NBSP}h" for minute in range(60, 481, 60)}
HALF_HOUR_TICKS = (30, 60, 90, 120)


@dataclass(frozen=True)
class _View:
    """What one state shows. Curves are (x, y); whatever is not there stays empty, so that marks keep their places."""

    title: str
    says: str
    axes: Axes
    table: Table
    sources: Sequence[str]
    now_x: float = 0
    now_y: float = 0
    now_text: str = ""
    now_left: bool = False
    now_above: bool = False
    curves: Sequence[tuple] = ((), ())
    levels: Sequence[tuple] = ((), ())
    uncertain: tuple = ()
    bands: Sequence[tuple] = ((), ())
    lines: dict[str, tuple] = field(default_factory=dict)  # name -> (y, colour, text, side, x of the text)
    measured: Sequence[tuple] = ()  # (x, low, value, high, label)
    colour: str = "orange"
    names: dict[str, tuple] = field(default_factory=dict)  # name -> (x, y, text, align, colour)
    caveat: str = CLAMP


def draw_ventilation(study: str, people: str, stop: float) -> Chart:
    """One study at one moment, dose or level.

    study: a key of the studies below. people: naive, buprenorphine, long-term or volunteers, as the study allows.
    stop: minutes after the first injection; for ketamine a cumulative dose (mg/kg), for esketamine a level (ng/mL).
    """
    view = _view(study, people, stop)
    return Chart(
        "ventilation",
        view.title,
        view.axes,
        _marks(view),
        f"{view.says} {NOT_A_SIGN} {EMERGENCY}",
        view.table,
        [*view.sources, row(NALOXONE, Ventilation).source],
        caveat=f"{NOT_A_SIGN} {EMERGENCY}\n{view.caveat}",
        height=380,
    )


def _view(study: str, people: str, stop: float) -> _View:
    if study == "ketamine":
        return _ketamine(stop)
    if study == "esketamine":
        return _esketamine(stop)
    if study == "morphine":
        return _morphine(stop)
    if people == "buprenorphine":
        return _after_buprenorphine()
    return _fentanyl(study, people, stop)


def _marks(view: _View) -> list[Mark]:
    """The same names in the same order for every study."""
    x_low, x_high = view.axes.x_limits
    marks: list[Mark] = [Area(f"band-{place}", view.colour, *view.bands[place]) for place in range(2)]
    for name in ("rule", "before", "reference-1", "reference-2"):
        y, colour, text, side, *at = view.lines.get(name, (0, "ink", "", "right"))
        there = name in view.lines
        marks.append(Line(name, colour, (x_low, x_high) if there else (), (y, y) if there else (), "dotted", 1.5))
        edge, dx = (x_high, -4) if side == "right" else (x_low, 6)
        marks.append(Label(f"{name}-name", colour, at[0] if at else edge, y, text, dx, 10, side))
    for place in range(2):
        marks.append(Line(f"level-{place}", "muted", *view.levels[place], dash="dotted", width=2.5))
        marks.append(Line(f"breathing-{place}", view.colour, *view.curves[place]))
    marks.append(Line("uncertain", view.colour, *view.uncertain, dash="dashed"))
    for place in range(2):
        x, low, middle, high, label = view.measured[place] if place < len(view.measured) else (x_low, 0, 0, 0, "")
        marks.append(Span(f"spread-{place}", "ink", x, low, x, high, 2.5 if label else 0, caps=bool(label)))
        marks.append(
            Dots(f"measured-{place}", "ink", [x] if label else (), [middle] if label else (), "s", 9, True, [label])
        )
    shown = bool(view.now_text)
    marks.append(Dots("now", view.colour, [view.now_x] if shown else (), [view.now_y] if shown else (), "o", 12))
    for name in ("level-name", "breathing-name", "note"):
        x, y, text, align, colour = view.names.get(name, (x_low, 0, "", "left", "ink"))
        marks.append(Label(name, colour, x, y, text, align=align, bold=name != "note"))
    dx, align = (-4, "right") if view.now_left else (4, "left")
    dy = 20 if view.now_above else -21
    marks.append(Label("now-text", view.colour, view.now_x, view.now_y, view.now_text, dx, dy, align, True, 16))
    return marks


def _rule_line(x: float) -> dict[str, tuple]:
    """The rule of display: from this fall on the explorer writes that apnea is likely."""
    return {"rule": (100 * (1 - value("VE65")), "ink", "\u201capnea likely\u201d (our rule)", "right", x)}


def _over_time(course: Course, until: int, cuts: Sequence[float]) -> dict[str, list[tuple]]:
    """Breathing left, level and range, in percent; the first minutes after each injection are left out.

    The level is a share of its highest drawn value. cuts: the minutes of the injections, one or two.
    """
    pieces = [
        slice(int(start) + FIRST_MINUTES, int(stop) + 1) for start, stop in zip(cuts, [*cuts[1:], until], strict=True)
    ]
    top = max(course.plasma[piece].max() for piece in pieces)
    left, deep, shallow = (100 * (1 - found) for found in (course.fall, course.high, course.low))
    return {
        "curves": [*((course.times_min[piece], left[piece]) for piece in pieces), ()][:2],
        "levels": [*((course.times_min[piece], 100 * course.plasma[piece] / top) for piece in pieces), ()][:2],
        "bands": [*((course.times_min[piece], deep[piece], shallow[piece]) for piece in pieces), ()][:2],
    }


def _over_time_names(level_x: float, note: tuple) -> dict[str, tuple]:
    """The name of the level, above the frame where its line begins, and a note beside it."""
    return {"level-name": (level_x, 107, "level in blood", "left", "muted"), "note": note}


def _now(left: float, text: str, late: bool) -> dict:
    """Where the moving words stand: off the curve, which rises to the right, and off the axis."""
    return {"now_y": left, "now_text": text, "now_left": late, "now_above": late or left < 15}


def _percent_axes(x_label: str, until: int, ticks: dict | tuple) -> Axes:
    return Axes(x_label, (0, until), ticks, "Percent of the start", (0, 118), (0, 25, 50, 75, 100), right=22)


def _time_table(title: str, course: Course, minutes: Sequence[int], unit: str) -> Table:
    return Table(
        title,
        ("Time", "Level in blood", "Breathing left", "Range"),
        [
            (
                f"{minute} min",
                f"{course.plasma[minute]:.3g} {unit}",
                f"{100 * (1 - course.fall[minute]):.0f} %",
                f"{100 * (1 - course.high[minute]):.0f} to {100 * (1 - course.low[minute]):.0f} %",
            )
            for minute in minutes
        ],
    )


@cache
def _fentanyl_parts(study: str, people: str) -> _View:
    """All of a fentanyl view that does not depend on the moment."""
    two = study == "two"
    until = UNTIL_MIN["two" if two else "single"]
    course = _fentanyl_of(study, people)
    cuts = (0.0, value(GAP)) if two else (0.0,)
    measured, note = [], ""
    if two and people == "naive":
        windows = [slice(0, int(cuts[1])), slice(int(cuts[1]), until + 1)]
        for row_id, window in zip(MEASURED["naive"], windows, strict=True):
            found, x = row(row_id, Ventilation), float(course.times_min[window][int(course.fall[window].argmax())])
            measured.append(
                (x, 100 - found.high, 100 - found.value, 100 - found.low, f"measured: {100 - found.value:.0f} % left")
            )
        note = f"squares: measured, {row(TWO_FIRST, Ventilation).spread}"
    elif people == "long-term":
        apnoea = row("VE09", Ventilation)
        note = f"predicted; {apnoea.value:.0f} of {apnoea.participants:.0f} had apnea\nafter larger doses"
    elif not two and value(SINGLE[study]) >= value("VE01"):
        note = "apnea was seen at this dose"
    minutes = [5, 10, 15, 20, 30, 60, 90, 120] + ([125, 132, 150, 180, 240] if two else [])
    return _View(
        "",
        "",
        _percent_axes("Time since the first injection", until, HOUR_TICKS)
        if two
        else _percent_axes("Minutes since the injection", until, HALF_HOUR_TICKS),
        _time_table(f"{_fentanyl_name(study)}, {GROUPS[people]}: predicted", course, minutes, "ng/mL"),
        [
            row("VE18", Ventilation).source,
            *([row(TWO_FIRST, Ventilation).source] if two else [row("VE01", Ventilation).source]),
            row("VE61", Ventilation).source,
        ],
        **_over_time(course, until, cuts),
        lines=_rule_line(value(GAP) if two else until if course.fall[until] < 0.65 else 0.8 * until),
        measured=measured,
        names=_over_time_names(
            cuts[-1] + FIRST_MINUTES,
            (2, 110, note, "left", "ink") if two else (until, 110, note, "right", "ink"),
        ),
        caveat=f"{CLAMP} Predicted with kinetics of one study and a speed and steepness calibrated for this course. "
        f"The first {FIRST_MINUTES} minutes after an injection are not drawn: models of fentanyl have them wrong. "
        f"{SHARE} {_rule_words()}{' ' + row('VE09', Ventilation).statement if people == 'long-term' else ''}",
    )


@cache
def _fentanyl_of(study: str, people: str) -> Course:
    if study == "two":
        doses, moments, until = tuple(value(row_id) for row_id in TWO), (0.0, value(GAP)), UNTIL_MIN["two"]
    else:
        doses, moments, until = (value(SINGLE[study]) * WEIGHT_KG,), (0.0,), UNTIL_MIN["single"]
    return fentanyl_course(doses, moments, people, until)


def _fentanyl_name(study: str) -> str:
    if study == "two":
        return f"Fentanyl, {value(TWO[0]):.0f} then {value(TWO[1]):.0f} µg per {WEIGHT_KG:.0f} kg"
    return f"Fentanyl {value(SINGLE[study]):g} µg/kg"


def _fentanyl(study: str, people: str, stop: float) -> _View:
    still, course, at = _fentanyl_parts(study, people), _fentanyl_of(study, people), int(stop)
    fallen, (since, lowest) = course.fall[at], _slowest(study, course, at)
    left = 100 * (1 - fallen)
    likely = apnoea_likely(fallen, value("VE65"))
    return replace(
        still,
        title=f"{_fentanyl_name(study)}, {GROUPS[people]}: "
        + (
            f"apnea is likely after {at} min"
            if likely
            else f"{left:.0f}{NBSP}% of breathing is left after {at} min, predicted"
        ),
        says=f"{at} minutes after {'the first' if study == 'two' else 'the'} injection the level in blood is "
        f"{course.plasma[at]:.2g} ng/mL and {left:.0f} % of the breathing is left (predicted). Breathing is slowest "
        f"{lowest - since} minutes after {'the second injection' if since else 'this injection'}, while the level in "
        "blood has been falling all along: the brain follows late.",
        now_x=at,
        **_now(left, "apnea likely" if likely else f"breathing {left:.0f}{NBSP}%", at > 0.7 * still.axes.x_limits[1]),
    )


def _slowest(study: str, course: Course, at: int) -> tuple[int, int]:
    """The minute of the injection before `at`, and the minute of the slowest breathing after it."""
    gap = int(value(GAP))
    if study != "two":
        return 0, int(course.fall.argmax())
    since, until = (gap, None) if at >= gap else (0, gap)
    return since, since + int(course.fall[since:until].argmax())


def _rule_words() -> str:
    return (
        f"\u201cApnea likely\u201d is a rule of display from a fall of {100 * value('VE65'):.0f}{NBSP}% on, chosen to "
        f"match the {value('VE01'):g} µg/kg from which a study saw apnea; the curve itself cannot show that breathing "
        "stops."
    )


def _after_buprenorphine() -> _View:
    """The measured falls only: how two opioids add up for breathing has not been validated."""
    alone, both = ([row(row_id, Ventilation) for row_id in MEASURED[key]] for key in ("naive", "buprenorphine"))
    still, held = _fentanyl_parts("two", "naive"), level_text(value("VE72"))
    said = " and ".join(f"{100 - found.value:.0f}{NBSP}%" for found in both)
    was = " and ".join(f"{100 - found.value:.0f} %" for found in alone)
    points = [
        (x, 100 - found.high, 100 - found.value, 100 - found.low, f"measured: {100 - found.value:.0f} % left")
        for (x, *_), found in zip(still.measured, both, strict=True)
    ]
    return replace(
        still,
        title=f"Fentanyl while buprenorphine was held at {held}: {said} of breathing was left",
        says=f"With buprenorphine in the blood, fentanyl left {said} of the breathing before it, against {was} "
        "without (measured, opioid-naive). No curve is drawn: how two opioids add up for breathing has not been "
        "validated.",
        table=Table(
            "Breathing left after fentanyl, measured",
            ("Injection", f"Buprenorphine {held}", "Placebo", "Rows"),
            [
                (
                    name,
                    f"{100 - one.value:.0f} % ({100 - one.high:.0f} to {100 - one.low:.0f} %)",
                    f"{100 - other.value:.0f} % ({100 - other.high:.0f} to {100 - other.low:.0f} %)",
                    f"{one.id}, {other.id}",
                )
                for name, one, other in zip(("first", "second"), both, alone, strict=True)
            ],
        ),
        curves=((), ()),
        levels=((), ()),
        bands=((), ()),
        measured=points,
        names={"note": (2, 110, f"squares: measured, {both[0].spread}; no curve", "left", "ink")},
        caveat=f"{CLAMP} Buprenorphine has slowed breathing by itself before fentanyl came. Nobody should try this: "
        "apnea ended the study early for some people. Where in time the squares belong is not known; they stand where "
        "the curve without buprenorphine is lowest.",
    )


@cache
def _morphine_parts() -> tuple[_View, Course]:
    until = UNTIL_MIN["morphine"]
    course = morphine_course(value("VE29"), until)
    return (
        _View(
            "",
            "",
            _percent_axes("Time since the injection", until, HOUR_TICKS),
            _time_table("Morphine: predicted", course, [5, 15, 30, 60, 120, 180, 240, 360, 480], "nM"),
            [row("VE22", Ventilation).source, row("VE25", Ventilation).source, row("VE27", Ventilation).source],
            **_over_time(course, until, (0.0,)),
            lines=_rule_line(until),
            names=_over_time_names(12, (until, 110, "band: two studies disagree", "right", "ink")),
            caveat=f"{CLAMP} Predicted: no measured course was read to test it against. The band spans two studies of "
            f"one laboratory, whose C50 for morphine differ {morphine_c50_ratio():.1f}-fold. {SHARE}",
        ),
        course,
    )


def _morphine(stop: float) -> _View:
    still, course = _morphine_parts()
    at, lowest = int(stop), int(course.fall.argmax())
    left = [100 * (1 - found[at]) for found in (course.high, course.fall, course.low)]
    gone = 100 - 100 * course.plasma[lowest] / course.plasma[FIRST_MINUTES]
    return replace(
        still,
        title=f"Morphine {value('VE29'):g} mg per {WEIGHT_KG:.0f} kg: {left[1]:.0f}{NBSP}% of breathing is left after "
        f"{_time(at)}, predicted",
        says=f"{_time(at)} after one injection {left[1]:.0f} % of the breathing is left, {left[2]:.0f} % with the "
        f"values of the older study (both predicted). Breathing is slowest after about {lowest} minutes, when the "
        f"level in blood has fallen by {gone:.0f} % since minute {FIRST_MINUTES}: a falling level is no sign that "
        "breathing recovers.",
        now_x=at,
        **_now(left[1], f"breathing {left[1]:.0f}{NBSP}%", at > 0.6 * UNTIL_MIN["morphine"]),
    )


def _time(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{minutes} min" if not hours else f"{hours} h" + (f" {rest} min" if rest else "")


@cache
def _ketamine_parts() -> _View:
    anchor, low, high = row(ANCHOR, Ventilation), value(LOWEST), value(HIGHEST)
    line = ketamine_line()
    faint, firm = (np.geomspace(*ends, 24) for ends in ((low, anchor.dose), (anchor.dose, high)))
    faint[0], faint[-1], firm[0], firm[-1] = low, anchor.dose, anchor.dose, high
    stops = _ketamine_stops()
    lower, more = row("VE41", Ventilation), row("VE42", Ventilation)
    above = [line.change(dose) for dose in stops]
    # Up to the anchor itself the range is the wide one; its end would otherwise jump a step too early.
    wide, narrow = line.change(faint[:-1]), line.change(firm)
    edges = [
        np.concatenate([side[:1].repeat(len(faint)), other]) for side, other in zip(wide[1:3], narrow[1:3], strict=True)
    ]
    return _View(
        "",
        "",
        Axes(
            "Ketamine given so far, into a vein (mg/kg, log scale)",
            (0.35, 3.35),
            {dose: f"{dose:g}" for dose in stops},
            "Change in breathing (L/min)",
            (-17, 3),
            {-15: "−15", -10: "−10", -5: "−5", 0: "0"},
            x_scale="log",
            right=22,
        ),
        Table(
            "Change in breathing by cumulative dose",
            ("Dose", "Change", "Range", "Told from no change", "Source"),
            [
                (
                    f"Ketamine {dose:g} mg/kg",
                    litres(found.change_l_per_min),
                    f"{litres(found.low_l_per_min)} to {litres(found.high_l_per_min)}",
                    "yes" if found.distinguishable else "no",
                    source_of(anchor),
                )
                for dose, found in zip(stops, above, strict=True)
            ]
            + [
                (
                    f"Morphine {found.dose:g} mg/kg",
                    litres(found.value),
                    f"{litres(found.low)} to {litres(found.high)}",
                    "yes",
                    source_of(found),
                )
                for found in (lower, more)
            ],
        ),
        [anchor.source],
        curves=((firm, line.change(firm).change_l_per_min), ()),
        uncertain=(faint, line.change(faint).change_l_per_min),
        bands=((np.concatenate([faint, firm]), *edges), ()),
        lines={
            "before": (0, "ink", "as before", "left"),
            "reference-1": (lower.value, "orange", f"morphine {lower.dose:g} mg/kg, same men", "left"),
            "reference-2": (more.value, "orange", f"morphine {more.dose:g} mg/kg, same men", "left"),
        },
        colour="blue",
        names={
            "note": (0.4, -5.2, "not told from no change", "left", "blue"),
            "breathing-name": (0.68, -2.5, "ketamine", "left", "blue"),
        },
        caveat=f"{CLAMP} The line joins a published point and a published slope. Ordinary breathing, with carbon "
        "dioxide free to move, was not tested; the label warns of severe depression or apnea after rapid injection "
        "of large doses.",
    )


def _ketamine_stops() -> list[float]:
    return sorted({value(LOWEST), row(ANCHOR, Ventilation).dose, value("VE39"), value(HIGHEST)})


def _ketamine(stop: float) -> _View:
    found = ketamine_line().change(stop)
    text = litres(found.change_l_per_min)
    asleep, morphine = stop >= value("VE39"), row("VE41", Ventilation)
    return replace(
        _ketamine_parts(),
        title=f"Ketamine {stop:g} mg/kg in all changed breathing by {text}"
        + ("" if found.distinguishable else ", which the study could not tell from no change"),
        says=f"After {stop:g} mg/kg of ketamine breathing had changed by {text} (between {litres(found.low_l_per_min)} "
        f"and {litres(found.high_l_per_min)}), against {litres(morphine.value)} after morphine {morphine.dose:g} mg/kg "
        "in the same men. "
        + ("All of the men were unconscious by then. " if asleep else "")
        + (
            "The effect is less than that of morphine, and not nothing."
            if found.distinguishable
            else f"In {morphine.participants:.0f} men this could not be told from no change, which does not prove that "
            "there is none."
        ),
        now_x=stop,
        now_y=found.change_l_per_min,
        now_text=text,
        now_left=stop > value("VE39"),
        now_above=True,
    )


@cache
def _esketamine_parts() -> _View:
    before, after, doubling = row("VE30", Ventilation), row("VE31", Ventilation), row("VE33", Ventilation)
    levels = np.linspace(0, 200, 41)
    low, high = esketamine_range(levels)
    return _View(
        "",
        "",
        Axes(
            "Esketamine in blood (ng/mL)",
            (0, 200),
            (0, 50, 100, 150, 200),
            "Breathing (L/min)",
            (0, 23),
            (0, 5, 10, 15, 20),
            right=22,
        ),
        Table(
            "Breathing under remifentanil with esketamine, predicted",
            ("Esketamine", "Breathing", "Of the loss regained"),
            [_esketamine_row(level) for level in _esketamine_stops()],
        ),
        [before.source],
        curves=((), ()),
        uncertain=(levels, with_esketamine(levels, value("VE34"))),
        bands=((levels, low, high), ()),
        lines={
            "before": (before.value, "ink", "before any drug (measured)", "left"),
            "reference-1": (after.value, "orange", "", "left"),
        },
        colour="blue",
        names={
            "note": (6, after.value - 1.3, "remifentanil alone (measured)", "left", "orange"),
            "breathing-name": (6, after.value + 4.6, "with esketamine, predicted", "left", "blue"),
        },
        caveat=f"{CLAMP} Not a reversal and no protection: with an opioid the label of ketamine warns of profound "
        "sedation, respiratory depression, coma or death. Our arithmetic from an abstract; the authors call the "
        f"effect effective, and the breathing that was reached was not read. {doubling.spread} of the doubling level: "
        f"{doubling.low:.0f} to {doubling.high:.0f} ng/mL.",
    )


def _esketamine_stops() -> list[float]:
    doubling = row("VE33", Ventilation)
    return [0.0, doubling.low, doubling.value, doubling.high]


def _esketamine_row(level: float) -> tuple[str, str, str]:
    low, high = esketamine_range(level)
    lost = value("VE30") - value("VE31")
    ends = [100 * (found - value("VE31")) / lost for found in (low, high)]
    if not level:
        return ("none", f"{low:.1f} L/min", "0 %")
    return (level_text(level), f"{low:.1f} to {high:.1f} L/min", f"{ends[0]:.0f} to {ends[1]:.0f} %")


def _esketamine(stop: float) -> _View:
    _, breathing, regained = _esketamine_row(stop)
    before = value("VE30")
    middle = with_esketamine(stop, value("VE34"))
    return replace(
        _esketamine_parts(),
        title=f"Remifentanil with esketamine {level_text(stop)}: breathing is {breathing}, of {before:.0f} before"
        if stop
        else f"Remifentanil alone: breathing fell from {before:.0f} to about {value('VE31'):.0f}{NBSP}L/min",
        says=f"Breathing is {breathing}; {regained} of what remifentanil took is regained. Most of the loss stays: "
        "esketamine acts on a part of it only, and nothing here is an antidote."
        if stop
        else f"Remifentanil lowered breathing from {before:.0f} to about {value('VE31'):.0f} L/min (measured). Move to "
        "a level of esketamine to see what is predicted to come back.",
        now_x=stop,
        now_y=middle,
        now_text=breathing if stop else "",
        now_left=stop > value("VE33"),
        now_above=True,
    )


def _study_options() -> dict[str, str]:
    return {
        "two": f"{_fentanyl_name('two')} (doses inferred from {reference(row(TWO_FIRST, Ventilation).source).label})",
        **{
            key: f"{_fentanyl_name(key)}, one injection ({source_of(row(row_id, Ventilation))})"
            for key, row_id in SINGLE.items()
        },
        "morphine": f"Morphine {value('VE29'):g} mg per {WEIGHT_KG:.0f} kg ({source_of(row('VE22', Ventilation))})",
        "ketamine": f"Ketamine, rising doses ({source_of(row(ANCHOR, Ventilation))})",
        "esketamine": f"Esketamine on remifentanil ({source_of(row('VE33', Ventilation))})",
    }


def _people_options(study: str) -> dict[str, str]:
    if study == "two":
        return {
            "naive": GROUPS["naive"],
            "buprenorphine": "new to opioids, buprenorphine first",
            "long-term": GROUPS["long-term"],
        }
    return dict(GROUPS) if study in SINGLE else dict(AS_STUDIED)


def _stops(study: str) -> list[float]:
    if study == "ketamine":
        return _ketamine_stops()
    if study == "esketamine":
        return _esketamine_stops()
    if study == "morphine":
        return [5.0, 10.0, 15.0, *map(float, range(30, UNTIL_MIN["morphine"] + 1, 15))]
    if study == "two":
        second = value(GAP)
        minutes = range(FIRST_MINUTES, UNTIL_MIN["two"] + 1, 5)
        return [float(minute) for minute in minutes if not second <= minute < second + FIRST_MINUTES]
    return [float(minute) for minute in range(FIRST_MINUTES, UNTIL_MIN["single"] + 1, 5)]


def _stop_text(study: str, stop: float) -> str:
    if study == "ketamine":
        return f"{stop:g} mg/kg in all"
    if study == "esketamine":
        return level_text(stop) if stop else "no esketamine"
    return (
        f"{_time(int(stop))} after the first injection" if study == "two" else f"{_time(int(stop))} after the injection"
    )


def _offline_stops(study: str) -> list[float]:
    stops = _stops(study)
    if study in ("ketamine", "esketamine"):
        return stops
    kept = {5.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0} | ({125.0, 135.0, 150.0, 180.0} if study == "two" else set())
    return [stop for stop in stops if stop in kept or (study in SINGLE and stop in (10.0, 45.0, 90.0))]


def _by_study(make) -> dict:
    return {study: make(study) for study in _study_options()}


ventilation = Explorer(
    id="ventilation",
    name="What happens to breathing?",
    draw=draw_ventilation,
    main="stop",
    before=("now",),
    controls=[
        Control("study", "Study", _study_options(), "two"),
        Control(
            "people",
            "Who",
            _by_study(_people_options),
            _by_study(lambda study: next(iter(_people_options(study)))),
            "select",
            "study",
        ),
        Control(
            "stop",
            "Time, dose or level",
            _by_study(lambda study: {stop: _stop_text(study, stop) for stop in _stops(study)}),
            _by_study(lambda study: 15.0 if study not in ("ketamine", "esketamine") else _stops(study)[0]),
            "slider",
            "study",
            _by_study(_offline_stops),
            "Doses and levels of the studies where they were read. Inferred or assumed here: both doses and the gap "
            "of the two injections, and the level of remifentanil.",
        ),
    ],
    presets={
        "Fentanyl, first injection": {"study": "two", "people": "naive", "stop": 15.0},
        "Same, after long-term opioids": {"study": "two", "people": "long-term", "stop": 15.0},
        "Fentanyl on buprenorphine": {"study": "two", "people": "buprenorphine"},
        "Fentanyl, apnea": {"study": "fentanyl-middle", "people": "naive", "stop": 15.0},
        "Morphine, two hours on": {"study": "morphine", "stop": 120.0},
        "Ketamine, all unconscious": {"study": "ketamine", "stop": value("VE39")},
        "Esketamine on an opioid": {"study": "esketamine", "stop": value("VE33")},
    },
    leaves_out={
        "the test": "Carbon dioxide was held fixed, which hides the body's own alarm and its rescue. A ward or a home "
        "is not such a test.",
        "dose advice": "It cannot tell how much of anything somebody can take. No curve here does.",
        "sleep and sedatives": "Sleep, alcohol and sedatives such as benzodiazepines can make it worse; none is in it.",
        "people": "They vary widely. Age, illness, weight and lost tolerance change the answer.",
        "speed": "How fast ketamine goes in matters; no study gave a number for it.",
        "oxygen": "It shows air moved, not oxygen in blood, nor a blocked throat.",
    },
    sources=lambda: sources_of("ventilation"),
)


def predict_ventilation() -> PredictionView:
    """Guess when breathing is slowest after morphine, and how far ketamine lowered it under test."""
    anchor, morphine = row(ANCHOR, Ventilation), row("VE41", Ventilation)
    slowest = morphine_slowest_min()
    fitted = [slowest[row_id] for row_id in ("VE23", "VE26")]
    others = [slowest[row_id] for row_id in ("VE27", "VE28")]
    return PredictionView(
        "ventilation",
        f"While carbon dioxide was held high, morphine ({morphine.dose:g} mg/kg into a vein) lowered the breathing of "
        f"{anchor.participants:.0f} men by {abs(morphine.value):.1f} liters a minute. By how much did ketamine "
        "lower it? And how long after an injection of morphine is breathing slowest?",
        [
            Guess(
                "morphine",
                "Minutes from morphine to the slowest breathing",
                "min",
                min(fitted),
                max(fitted),
                f"{min(fitted):.0f} to {max(fitted):.0f} min (predicted)",
                maximum=240,
                step=5,
                start=30,
            ),
            Guess(
                "ketamine",
                f"Fall with ketamine, a running total of {anchor.dose:g} mg/kg",
                "L/min",
                -anchor.high,
                -anchor.low,
                f"{-anchor.value:g} L/min, \u00b1 {(anchor.high - anchor.low) / 2:.1f} (measured)",
                maximum=20,
                step=0.5,
                start=10,
            ),
        ],
        "Morphine reaches the brain slowly, so breathing is slowest long after the level in blood has begun to fall. "
        f"The answer depends on the study: with speeds fitted to pain relief it would be {min(others):.0f} to "
        f"{max(others):.0f} minutes. Ketamine lowered breathing by less than morphine did, and not by nothing; "
        f"smaller doses could not be told from no change. {EMERGENCY}",
        [
            row("VE22", Ventilation).source,
            row("VE25", Ventilation).source,
            row("VE27", Ventilation).source,
            anchor.source,
        ],
    )
