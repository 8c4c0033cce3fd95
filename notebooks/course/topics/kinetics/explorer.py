"""The level in blood over time by route: the guess, and the explorer."""

from __future__ import annotations

from dataclasses import dataclass
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
    spread,
)
from ...evidence import reference, sources_of, table
from ...evidence.records import Regimen
from .charts import AVERAGE, ROUTE_WORDS, STROKES
from .rows import (
    between_models,
    between_people,
    comparable,
    duration,
    figure,
    finding_text,
    findings,
    labels,
    level,
    level_at,
    levels_ng_per_ml,
    parameters,
    peak,
    peak_range,
    printed_peak,
    regimen,
    seen,
    set_label,
    sets,
    span_text,
    steps,
    times_h,
    usable,
    varies_between_people,
)

ALL = "all"
ALL_TEXT = "all published sets together"
WINDOWS = {2: "2 hours", 6: "6 hours", 24: "24 hours"}
WINDOW_TICKS = {2: (0, 0.5, 1, 1.5, 2), 6: (0, 1, 2, 3, 4, 5, 6), 24: (0, 4, 8, 12, 16, 20, 24)}
GROUPS = {"IV": "Vein", "IM": "Muscle", "nasal": "Nose", "sublingual": "Mouth", "oral": "Swallowed"}
SCALES = {"linear": "even steps", "log": "each step ten times the last"}
LONGEST_H = max(WINDOWS)
# Places that a picture keeps, whether they are used or not.
CURVES, POINTS, X_TICKS, Y_TICKS = 5, 5, 7, 6
FLOOR = -0.075  # of the picture's height: room for the bar of the input
LATE = 0.55  # of the time shown: beyond it words stand to the left
WIDTH, LEFT, RIGHT = 520, 70, 46  # of the picture, and of the room beside its axes, in pixels
LETTER = 9.6  # pixels of a bold letter, at most
# On the log scale all ketamine regimens share an axis, and the two opioids another.
LOG_LIMITS = {"ketamine": (0.1, 1e4), "opioid": (0.003, 300)}
ILLUSTRATION = "Illustrative only: crude input"
INFUSION, SWALLOWED = "RG01", ("ketamine", "oral")


def draw_concentration(regimen_id: str, window_h: int, scale: str, parameter_set: str) -> Chart:
    """The predicted level of one regimen by one published set, or by all of them.

    regimen_id: of `data/regimens.csv`. parameter_set: a slug of `data/pk_models.csv` or "all". scale: linear or log.
    """
    view = _View(regimen_id, parameter_set, window_h, _Scale.of(regimen_id, scale))
    return Chart(
        "concentration",
        view.title(),
        # The frame stays. Ticks are marks, because they change with the controls and a new frame takes long to draw.
        Axes("Hours after the start", (0, 1), {0.0: " "}, "Level (ng/mL)", (FLOOR, 1), [], left=LEFT, right=RIGHT),
        [
            *view.ticks(),
            view.band(),
            *view.curves(),
            *view.input(),
            *view.points(),
            *view.words(),
        ],
        view.description(),
        view.table(),
        view.sources(),
        caveat=view.caveat(),
        height=410,
    )


@dataclass(frozen=True)
class _Scale:
    """From a level to a height of 0 to 1 in the picture."""

    low: float
    top: float
    log: bool

    @classmethod
    def of(cls, regimen_id: str, scale: str) -> _Scale:
        if scale == "log":
            ketamine = regimen(regimen_id).drug in ("ketamine", "esketamine")
            return cls(*LOG_LIMITS["ketamine" if ketamine else "opioid"], True)
        return cls(0.0, _top(regimen_id), False)

    def height(self, level_ng_per_ml):
        """Below the scale's low end: that end."""
        if not self.log:
            return np.asarray(level_ng_per_ml) / self.top
        levels = np.maximum(level_ng_per_ml, self.low)
        return np.log10(levels / self.low) / np.log10(self.top / self.low)

    def ticks(self) -> list[float]:
        if not self.log:
            return _round_steps(self.top)
        powers = range(int(np.ceil(np.log10(self.low))), int(np.floor(np.log10(self.top))) + 1)
        return [10.0**power for power in powers]


@dataclass(frozen=True)
class _View:
    """One regimen by one set, or by all of them, over one stretch of time."""

    regimen_id: str
    chosen: str
    until_h: int
    scale: _Scale

    @property
    def row(self):
        return regimen(self.regimen_id)

    @property
    def shown(self) -> tuple[str, ...]:
        return sets(self.regimen_id) if self.chosen == ALL else (self.chosen,)

    @property
    def main(self) -> str:
        """The set whose peak is named: the chosen one, or the one with the highest peak."""
        return peak_range(self.regimen_id)[1] if self.chosen == ALL else self.chosen

    def ticks(self) -> list[Mark]:
        """Hours below and levels at the side, with a thin line each."""
        hours = WINDOW_TICKS[self.until_h]
        marks: list[Mark] = []
        for place in range(X_TICKS):
            there = place < len(hours)
            x, text = (hours[place] / self.until_h, f"{hours[place]:g}") if there else (0.0, "")
            marks.append(Label(f"hour-{place}", "muted", x, FLOOR, text, dy=-14, align="center"))
        levels = self.scale.ticks()
        for place in range(Y_TICKS):
            if place >= len(levels):
                marks += [Line(f"grid-{place}", "line"), Label(f"level-{place}", "muted")]
                continue
            y = float(self.scale.height(levels[place]))
            text = f"{levels[place]:,.0f}" if levels[place] >= 10 else f"{levels[place]:g}"
            marks.append(Line(f"grid-{place}", "line", [0, 1], [y, y], width=1))
            marks.append(Label(f"level-{place}", "muted", 0, y, text, dx=-8, align="right"))
        return marks

    def band(self) -> Mark:
        """Between models when all are shown, between people where their variances were read; else empty."""
        ends = (
            between_models(self.regimen_id, self.until_h)
            if self.chosen == ALL
            else between_people(self.regimen_id, self.chosen, self.until_h)
        )
        colour = "blue" if self.chosen == ALL else self._stroke(self.chosen)[0]
        if ends is None:
            return Area("band", colour)
        low, high = (self.scale.height(end) for end in ends)
        return Area("band", colour, self._times(), low, high)

    def curves(self) -> list[Mark]:
        known = sets(self.regimen_id)
        marks: list[Mark] = []
        for place in range(CURVES):
            colour, dash = STROKES[place]
            if place >= len(known) or known[place] not in self.shown:
                marks.append(Line(f"curve-{place}", colour))
                continue
            levels = levels_ng_per_ml(self.regimen_id, known[place], self.until_h)
            keep = levels > self.scale.low
            marks.append(Line(f"curve-{place}", colour, self._times()[keep], self.scale.height(levels[keep]), dash))
        return marks

    def input(self) -> list[Mark]:
        """A bar while drug flows into a vein, a short one else, and the way in."""
        end = min(max(step.start_h + step.duration_h for step in steps(self.regimen_id)) / self.until_h, 1)
        flows = self.row.route == "IV" and end > 0
        text = "drug flows in" if flows else ROUTE_WORDS[self.row.route].lower()
        end = max(end, 0.006)
        inside = end > 0.7
        return [
            Span("input", "ink", 0, FLOOR / 2, end, FLOOR / 2, 5),
            Label("input-name", "ink", 0 if inside else end, FLOOR / 2, text, dx=8, dy=13 if inside else 0),
        ]

    def points(self) -> list[Mark]:
        """What was measured or is stated for this regimen, within the time shown."""
        found = [item for item in comparable(self.regimen_id) if item.time_h <= self.until_h]
        marks: list[Mark] = []
        for place in range(POINTS):
            item = found[place] if place < len(found) else None
            x = item.time_h / self.until_h if item else 0.0
            if item is not None and item.low is not None:
                low, high = (float(self.scale.height(end)) for end in (item.low, item.high))
                marks.append(Span(f"range-{place}", "ink", x, low, x, high, 2, caps=True))
            else:
                marks.append(Line(f"range-{place}", "ink"))
            marks.append(
                Dots(
                    f"point-{place}",
                    "ink",
                    [x],
                    [float(self.scale.height(item.value))],
                    "D",
                    10,
                    item.basis == "measured",
                    [f"{finding_text(item)}, {item.context}, {reference(item.source).label}"],
                )
                if item is not None and item.value is not None
                else Dots(f"point-{place}", "ink")
            )
        return [*marks, self._printed()]

    def _printed(self) -> Mark:
        """The peak that the model's own paper prints; it gives no time, so it stands at the drawn peak."""
        printed = printed_peak(self.regimen_id)
        if printed is None:
            return Dots("printed", "ink")
        at = peak(self.regimen_id, self.main, self.until_h).tmax_h / self.until_h
        text = f"The model’s own paper prints a peak of {level(printed.value)}, without a time"
        return Dots("printed", "ink", [at], [float(self.scale.height(printed.value))], "D", 12, False, [text])

    def words(self) -> list[Mark]:
        """Names of the highest and the lowest curve at their peaks, of a point, and what kind of picture this is."""
        first, last = self._named()
        tops = {slug: peak(self.regimen_id, slug, self.until_h) for slug in dict.fromkeys((last, first))}
        texts = {slug: f"{set_label(slug, self.row.drug)}: {figure(top.cmax_ng_per_ml)}" for slug, top in tops.items()}
        at = {slug: (top.tmax_h, top.cmax_ng_per_ml) for slug, top in tops.items()}
        if printed := printed_peak(self.regimen_id):
            texts["point"] = f"◇ its own paper: {figure(printed.value)}"
            at["point"] = (at[last][0], printed.value)
        elif point := self._point():
            texts["point"] = f"{point.basis}: {finding_text(point).split(' (')[0]}"
            at["point"] = (point.time_h, point.value if point.value is not None else (point.low + point.high) / 2)
        natural = [float(self.scale.height(value)) for _, value in at.values()]
        heights = dict(zip(at, spread(natural, 0.068, 0.04, 0.9), strict=True))
        early = [time / self.until_h for time, _ in at.values() if time <= LATE * self.until_h]
        column = max(early, default=0.0) + 0.05
        marks: list[Mark] = []
        for name, key in (("high", last), ("low", first), ("point", "point")):
            if key not in at or (name == "low" and first == last):
                marks += [Line(f"leader-{name}", "muted"), Label(f"name-{name}", "muted")]
                continue
            (time, value), colour = at[key], "ink" if key == "point" else self._stroke(key)[0]
            x, y = time / self.until_h, float(self.scale.height(value))
            room = (1 - column) * (WIDTH - LEFT - RIGHT) + RIGHT - 4
            late = x > LATE or LETTER * len(texts[key]) > room
            reach = x - 0.04 if late else column
            marks.append(Line(f"leader-{name}", colour, [x, reach], [y, heights[key]], width=1))
            marks.append(
                Label(
                    f"name-{name}",
                    colour,
                    reach,
                    heights[key],
                    texts[key],
                    dx=-4 if late else 4,
                    align="right" if late else "left",
                    bold=True,
                )
            )
        marks.append(Label("kind", "ink", 1, 1, self._kind(), dy=14, align="right"))
        return marks

    def _times(self) -> np.ndarray:
        return times_h(self.regimen_id, self.until_h) / self.until_h

    def _named(self) -> tuple[str, str]:
        return peak_range(self.regimen_id) if self.chosen == ALL else (self.chosen, self.chosen)

    def _point(self):
        """The finding that is named: the highest value within the time shown, or else a range."""
        found = [item for item in comparable(self.regimen_id) if item.time_h <= self.until_h]
        return max(found, key=lambda item: (item.value or 0, item.high or 0), default=None)

    def _kind(self) -> str:
        if self.row.standing != "published model":
            return f"{ILLUSTRATION}, {'sets disagree' if self.row.route == 'IM' else 'its timing is wrong'}"
        if self.chosen == ALL and len(usable(self.regimen_id)) > 1:
            return "shaded: spread between models, not people"
        if self.chosen != ALL and varies_between_people(self.regimen_id, self.chosen):
            return "shaded: where 9 in 10 simulated people lie"
        return ""

    def _stroke(self, slug: str) -> tuple[str, str]:
        return STROKES[sets(self.regimen_id).index(slug)]

    def title(self) -> str:
        low, high = (peak(self.regimen_id, slug, LONGEST_H) for slug in self._named())
        tops = span_text(level(low.cmax_ng_per_ml), level(high.cmax_ng_per_ml))
        if self.row.drawn_from_min:
            return f"{self.row.name}: the level is {tops} at {self.row.drawn_from_min:.0f}\u00a0min, then falls"
        return f"{self.row.name}: the level is predicted to peak at {tops}"

    def description(self) -> str:
        first, last = self._named()
        low, high = (peak(self.regimen_id, slug, LONGEST_H) for slug in (first, last))
        said = (
            f"{len(usable(self.regimen_id))} published sets put the peak at "
            f"{span_text(level(low.cmax_ng_per_ml), level(high.cmax_ng_per_ml))}."
            if self.chosen == ALL and first != last
            else f"{set_label(last, self.row.drug)} puts the highest drawn level at {level(high.cmax_ng_per_ml)}, "
            f"{duration(high.tmax_h)} after the start."
        )
        found = [f"{item.basis} {finding_text(item)}, {item.context}" for item in comparable(self.regimen_id)]
        found += [_first_minutes(self.regimen_id)] if self._hidden() else []
        if printed := printed_peak(self.regimen_id):
            found.append(f"the model’s own paper prints a peak of {level(printed.value)}")
        against = f" To compare: {'; '.join(found)}." if found else " No published level was found to compare with."
        return f"{self.row.name} ({self.row.setting}). {said}{against}"

    def _hidden(self) -> bool:
        return len(comparable(self.regimen_id)) < len(seen(self.regimen_id))

    def table(self) -> Table:
        rows = [
            (
                f"{set_label(slug, self.row.drug)}, {next(iter(parameters(slug).values())).sampling} blood"
                if next(iter(parameters(slug).values())).sampling != "not stated"
                else set_label(slug, self.row.drug),
                level(peak(self.regimen_id, slug, LONGEST_H).cmax_ng_per_ml),
                duration(peak(self.regimen_id, slug, LONGEST_H).tmax_h),
                *(level(level_at(self.regimen_id, slug, hour)) for hour in WINDOWS),
                next(iter(parameters(slug).values())).id,
            )
            for slug in self.shown
        ]
        rows += [
            (
                f"{item.basis.capitalize()}: {item.context}",
                finding_text(item),
                duration(item.time_h),
                *("" for _ in WINDOWS),
                item.id,
            )
            for item in seen(self.regimen_id)
        ]
        return Table(
            f"{self.row.name} ({self.row.id})",
            ("Set or finding", "Highest level", "At", *(f"After {text}" for text in WINDOWS.values()), "Row"),
            rows,
        )

    def sources(self) -> list[str]:
        used = [self.row.source, *(next(iter(parameters(slug).values())).source for slug in self.shown)]
        if self.row.absorption:
            used += [item.source for item in parameters(self.row.absorption).values()]
        printed = printed_peak(self.regimen_id)
        return [*used, *labels(seen(self.regimen_id)), *([printed.source] if printed else [])]

    def caveat(self) -> str:
        parts = [AVERAGE]
        if any(next(iter(parameters(slug).values())).drug != self.row.drug for slug in self.shown):
            parts.append("Sets marked S form were made for S-ketamine.")
        if self.row.standing != "published model":
            parts.append(
                "The way in is a crude one of this course: its height is about right, and its time is wrong."
                if self.row.route != "IM"
                else "The way in is a crude one of this course. " + _muscle_check()
            )
        if self._hidden():
            text = _first_minutes(self.regimen_id)
            parts.append(f"{text[0].upper()}{text[1:]}.")
        return " ".join(parts)


@cache
def _first_minutes(regimen_id: str) -> str:
    """What was measured before the first drawn minute, and how far the sets miss it."""
    item = seen(regimen_id)[0]
    times = sorted(level_at(regimen_id, slug, item.time_h) / item.value for slug in usable(regimen_id))
    return (
        f"the first {regimen(regimen_id).drawn_from_min:.0f}\u00a0min are not drawn, because the models predict "
        f"{times[0]:.1f} to {times[-1]:.1f} times the measured {level(item.value)} at {duration(item.time_h)}"
    )


@cache
def _muscle_check() -> str:
    """How the crude way in through a muscle does where a label states a level."""
    row = next(row for row in table(Regimen) if row.route == "IM" and seen(row.id))
    item, said = seen(row.id)[0], []
    for slug in sets(row.id):
        predicted = level_at(row.id, slug, item.time_h)
        high, low = predicted / item.low, predicted / item.high
        if low > 1:
            said.append(f"{set_label(slug)} comes out {low:.1f} to {high:.1f} times too high")
        else:
            said.append(f"{set_label(slug)} comes out {'within its range' if high >= 1 else 'too low'}")
    return f"At the one dose for which a label states a level, {' and '.join(said)}."


@cache
def _top(regimen_id: str) -> float:
    """The end of the even scale: above every set, every band and every finding of a regimen, and the same for all."""
    tops = [peak(regimen_id, slug, LONGEST_H).cmax_ng_per_ml for slug in sets(regimen_id)]
    for slug in sets(regimen_id):
        if (ends := between_people(regimen_id, slug, min(WINDOWS))) is not None:
            tops.append(float(ends[1].max()))
    tops += [item.high or item.value for item in comparable(regimen_id)]
    return 1.2 * max(tops)


def _round_steps(top: float) -> list[float]:
    """Four or five round steps from zero up to `top`."""
    power = 10.0 ** np.floor(np.log10(top / 4))
    step = next(power * size for size in (1, 2, 2.5, 5, 10) if top / (power * size) <= 5.5)
    return [round(float(value), 6) for value in np.arange(0, top, step)]


def _regimens() -> dict[str, str]:
    """Id -> route and name: ketamine and esketamine first, each by route in the order of the file."""
    rows = table(Regimen)
    routes = list(dict.fromkeys(row.route for row in rows))
    ordered = sorted(rows, key=lambda row: (row.drug not in ("ketamine", "esketamine"), routes.index(row.route)))
    return {row.id: f"{GROUPS[row.route]}: {row.name}" for row in ordered}


def _sets(regimen_id: str) -> dict[str, str]:
    drug = regimen(regimen_id).drug
    several = {ALL: ALL_TEXT} if len(usable(regimen_id)) > 1 else {}
    return several | {slug: set_label(slug, drug) for slug in sets(regimen_id)}


concentration = Explorer(
    id="concentration",
    name="Concentration over time by route",
    draw=draw_concentration,
    main="regimen_id",
    controls=[
        Control(
            "regimen_id",
            "Regimen",
            _regimens(),
            "RG01",
            hint="Fixed regimens of supervised studies and labels. None of them is a dose to use.",
        ),
        Control("window_h", "Time shown", WINDOWS, 6, "radio"),
        Control("scale", "Scale of the level", SCALES, "linear", "radio"),
        Control(
            "parameter_set",
            "Published set of parameters",
            {row.id: _sets(row.id) for row in table(Regimen)},
            {row.id: next(iter(_sets(row.id))) for row in table(Regimen)},
            "select",
            "regimen_id",
        ),
    ],
    presets={
        "Infusion for depression": {"regimen_id": "RG01", "window_h": 2},
        "Infusion against measured levels": {"regimen_id": "RG02"},
        "Approved spray, 84 mg": {"regimen_id": "RG07"},
        "The same drug swallowed": {"regimen_id": "RG08"},
        "Under the tongue": {"regimen_id": "RG10", "window_h": 2},
        "Morphine": {"regimen_id": "RG14", "scale": "log"},
        "Fentanyl": {"regimen_id": "RG15", "scale": "log"},
    },
    leaves_out={
        "the brain": "Plasma is not brain: what reaches a receptor comes later and is not the same.",
        "people": "It draws an average adult of 70 kg. Age, body, genes and liver make real levels differ.",
        "other conditions": "Illnesses, other medicines, alcohol and pregnancy change levels; none of them is in it.",
        "the vessel": "Levels in an artery and a vein differ, most of all in the first minutes. Sets come from either.",
        "breakdown products": "Norketamine and others are not drawn, though some act, most of all after swallowing.",
        "effect": "A level is not an effect. The curve does not say how anyone feels, breathes or can drive.",
    },
    sources=lambda: sources_of("pk_models", "pk_observations", "regimens"),
)


def predict_concentration() -> PredictionView:
    """Guess how far published models disagree about one infusion, and how much of a swallowed dose arrives."""
    row, shown = regimen(INFUSION), usable(INFUSION)
    low, high = (peak(INFUSION, slug).cmax_ng_per_ml for slug in peak_range(INFUSION))
    more = 100 * (high / low - 1)
    drug, route = SWALLOWED
    found = findings("bioavailability", (drug,), (route,))
    shares = [item.value for item in found]
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
    return PredictionView(
        "concentration",
        f"{words[len(shown)].capitalize()} published models are given the same {row.drug} infusion. By how much is the "
        f"highest predicted peak above the lowest? And when {drug} is swallowed, what share reaches the blood?",
        [
            Guess(
                "spread",
                "Highest peak above the lowest",
                "%",
                more,
                more,
                f"{more:.0f}\u00a0%",
                maximum=200,
                start=20,
            ),
            Guess(
                "swallowed",
                f"Share of swallowed {drug} that reaches the blood",
                "%",
                min(shares),
                max(shares),
                f"{min(shares):.0f} to {max(shares):.0f}\u00a0%",
            ),
        ],
        f"The peaks run from {level(low)} to {level(high)}: models made from different people, blood vessels and doses "
        f"differ, and none is wrong by itself. Of swallowed {drug} most is broken down in gut and liver first; "
        f"{len(found)} published values differ with product and method. Move the explorer below to see both.",
        [
            row.source,
            *(next(iter(parameters(slug).values())).source for slug in shown),
            *labels(found),
        ],
    )
