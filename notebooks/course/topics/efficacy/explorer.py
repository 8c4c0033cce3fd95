"""Two drugs at one receptor: who holds mu, whether it is switched on, and what stays as it was at NMDA."""

from __future__ import annotations

from ...display import Area, Axes, Chart, Control, Explorer, Guess, Label, Mark, PredictionView, Span, Table
from ...evidence import row, sources_of, table
from ...evidence.records import Affinity
from ...models import binding
from ..binding.rows import PREDICTION, drug, fractions, level_text, levels, percent, percent_range, simple_values
from .rows import SAFETY, Dose, Pair, chosen, pair, relative_efficacy, share_range, tissues

TISSUES = dict(
    zip((found.id for found in tissues()), ("none, as found in one brain region", "many, assumed"), strict=True)
)
FIRST = ("fentanyl", "morphine", "methadone", "buprenorphine", "ketamine")
SECOND = ("naloxone", "naltrexone", "buprenorphine")
NALOXONE, FENTANYL, KETAMINE, BUPRENORPHINE = "CC40", "CC12", "CC01", "CC20"
# What the model does not hold rests on these: slow buprenorphine, and opioids that outlast naloxone.
TIME_ROWS, MODEL_ROW = ("FA92", "FA93"), "FA91"
TOP = 4  # rows of the picture
HEAD, WORDS, BAR = 0.80, 0.53, (0.10, 0.37)  # where heading, words and bar of a row stand


def draw_competition(first: str, first_level: str, second: str, tissue: str) -> Chart:
    """What holds mu with one drug and with two, what is switched on, and the NMDA site.

    first: slug. first_level, second: ids of `data/clinical_concentrations.csv`; "" for no second drug.
    tissue: id of a row of `data/efficacies.csv` that says how many spare receptors there are.
    """
    alone, both = pair(first_level), pair(first_level, second)
    name = drug(first).name
    rival = both.second.name if both.second else ""
    said = [_words(alone), _words(both) if rival else "nothing added, so as above"]
    effects = [shown.switched_on(tissue) for shown in (alone, both)]
    before, after = (share_range(effect) for effect in effects)
    on = f"solid: {name.lower()} alone {before}" + (f"; dashed: both {after}" if rival else "")
    on = on.replace("below ", "<").replace("over ", ">")
    nmda = _nmda(both)
    marks: list[Mark] = [
        *_row("alone", 3, f"Mu, {name.lower()} alone", said[0]),
        *_shares("alone", 3, alone),
        *_row("both", 2, f"Mu, {name.lower()} and {rival}" if rival else "Mu, no second drug", said[1]),
        *_shares("both", 2, both if rival else None),
        *_row("on", 1, "Mu activated, next to a full agonist (model)", on),
        *_effect("before", 1 + BAR[1] - 0.05, effects[0], "solid"),
        *_effect("after", 1 + BAR[0] + 0.05, effects[1] if rival else None, "dashed"),
        *_row("nmda", 0, "NMDA channel site", nmda, "blue"),
        *_shares("nmda", 0, both, "NMDA"),
    ]
    held = [*([both.second] if rival else []), both.first]
    return Chart(
        "competition",
        _title(both),
        Axes(
            "Share of the receptors (%)",
            (0, 100),
            [0, 25, 50, 75, 100],
            "",
            (-0.05, TOP),
            [],
            left=6,
            right=16,
            top=8,
            grid="x",
        ),
        marks,
        _description(both, before, after, nmda),
        Table(
            f"{name} at {level_text(alone.first.level.value_ng_per_ml)}"
            + (f", with {_at(both.second)}" if rival else ""),
            ("At", "Alone", "With the second drug", "Over the values that were read"),
            [
                (f"mu, {name.lower()}", percent(alone.mu.first), percent(both.mu.first), percent_range(*both.held())),
                *(
                    [(f"mu, {rival}", "none", percent(both.mu.second), percent_range(*both.held_by_second()))]
                    if rival
                    else []
                ),
                ("mu, free", percent(alone.mu.free), percent(both.mu.free), ""),
                ("mu switched on (model)", before, after, f"spare receptors: {TISSUES[tissue]}"),
                ("NMDA", nmda, nmda, ""),
            ],
        ),
        [
            *(part.level.source for part in held),
            *(source for part in held for source in _sources(part.slug)),
            *(key for key in _behind(tissue, *TIME_ROWS, MODEL_ROW) if key),
        ],
        caveat=f"{SAFETY}\n{PREDICTION} None of these levels is a dose to give or to take.",
        height=410,
        subtitle="Adults; levels in blood after treatment or anesthesia. Bars: who holds the receptors, predicted.",
    )


def _row(name: str, place: int, heading: str, words: str, colour: str = "orange") -> list[Mark]:
    """Heading, in the color of the bar below it, and words."""
    return [
        Label(f"head-{name}", colour, 0, place + HEAD, heading, bold=True),
        Label(f"words-{name}", "ink", 0, place + WORDS, words),
    ]


def _shares(name: str, place: int, shown: Pair | None, target: str = "MOR") -> list[Mark]:
    """A bar from 0 to 100: the first drug dark, the second light, what is free empty; and the spread of the first."""
    low, high = place + BAR[0], place + BAR[1]
    shares = _at_target(shown, target) if shown else None
    if shares is None:
        return [
            Area(f"first-{name}", "orange"),
            Area(f"second-{name}", "edge"),
            Span(f"edge-{name}", "ink", 0, low, 0, low, 0),
            *(Span(f"side-{side}-{name}", "ink", 0, low, 0, low, 0) for side in ("low", "high")),
            Span(f"spread-{name}", "ink", 0, low, 0, low, 0),
        ]
    first, second = 100 * shares.first, 100 * (shares.first + shares.second)
    spread = shown.held(target)
    colour = "blue" if target == "NMDA" else "orange"
    return [
        Area(f"first-{name}", colour, [0, first], [low] * 2, [high] * 2, 0.6),
        Area(f"second-{name}", "edge", [first, second], [low] * 2, [high] * 2, 0.4),
        Span(f"edge-{name}", "ink", second, low, second, high, 1.5),
        *(Span(f"side-{side}-{name}", "ink", 0, y, 100, y, 1, "dotted") for side, y in (("low", low), ("high", high))),
        Span(
            f"spread-{name}",
            "ink",
            100 * spread.low,
            (low + high) / 2,
            100 * spread.high,
            (low + high) / 2,
            2,
            caps=True,
        ),
    ]


def _effect(name: str, y: float, shown: binding.Interval | None, dash: str) -> list[Mark]:
    low, high = (100 * shown.low, 100 * shown.high) if shown else (0, 0)
    return [Span(f"effect-{name}", "orange", low, y, high, y, 6 if shown else 0, dash)]


def _at_target(shown: Pair, target: str) -> binding.Shares | None:
    if target == "MOR":
        return shown.mu
    value = chosen(shown.first.slug, target)
    if not (value and value.verified):
        return None
    # No second drug here has a value at this site, so the first is alone there.
    filled = binding.occupancy(shown.first.free_nM, value.ki_nM)
    return binding.Shares(filled, 0.0, 1 - filled)


def _words(shown: Pair) -> str:
    """Who holds mu, in the order of the bar: 'fentanyl 22 % (8 to 33 %), naloxone 57 %, free 20 %'."""
    first = f"{shown.first.name} {percent(shown.mu.first)} ({percent_range(*shown.held())})"
    second = [f"{shown.second.name} {percent(shown.mu.second)}"] if shown.second else []
    said = ", ".join([first, *second, f"free {percent(shown.mu.free)}"])
    return said.replace("below ", "<").replace("over ", ">")


def _nmda(shown: Pair) -> str:
    """What is known of the first drug at NMDA."""
    slug, name = shown.first.slug, shown.first.name
    rows = [found for found in table(Affinity) if found.drug == slug and found.target == "NMDA"]
    shares = _at_target(shown, "NMDA")
    if shares:
        still = f", with or without {shown.second.name}" if shown.second else ""
        return f"{name} {percent(shares.first)} ({percent_range(*shown.held('NMDA'))}){still}"
    nothing = any(found.relation == "not detected" for found in rows)
    something = any(found.relation != "not detected" for found in rows)
    if nothing and something:
        return f"{name}: disputed; one group found binding, another none"
    return f"{name}: a study found no binding" if nothing else f"{name}: no value in our tables"


def _at(part: Dose, name: str = "") -> str:
    return f"{name or part.name} at {level_text(part.level.value_ng_per_ml)} ({part.level.context})"


def _title(shown: Pair) -> str:
    name, alone = drug(shown.first.slug).name, pair(shown.first.row_id)
    if not shown.second:
        return f"{name} alone is predicted to fill {percent(alone.mu.first)} of mu"
    if shown.first.slug == "ketamine":
        return f"{shown.second.name.capitalize()} takes the mu sites and leaves ketamine’s NMDA block as it was"
    kept = percent(shown.mu.first)
    return f"{name} is predicted to fill {percent(alone.mu.first)} of mu alone, {kept} with {shown.second.name}"


def _description(shown: Pair, before: str, after: str, nmda: str) -> str:
    alone = pair(shown.first.row_id)
    said = [
        f"{_at(shown.first, drug(shown.first.slug).name)}, alone, is predicted to fill {percent(alone.mu.first)} of mu."
    ]
    if shown.second:
        said.append(
            f"With {_at(shown.second)} it keeps {percent(shown.mu.first)} ({percent_range(*shown.held())} over the "
            f"values that were read) and {shown.second.name} holds {percent(shown.mu.second)}."
        )
        said.append(f"Predicted activation of mu: {before} of a full agonist’s before, {after} after.")
    else:
        said.append(f"Predicted activation of mu: {before} of a full agonist’s.")
    if shown.first.slug == "ketamine":
        said.append(
            "Whether ketamine switches mu on at all is disputed, so the model takes everything from no to full."
        )
    return " ".join([*said, f"NMDA channel site: {nmda}."])


def _sources(slug: str) -> list[str]:
    found = relative_efficacy(slug)
    keys = (
        *(value.source for target in ("MOR", "NMDA") for value in simple_values(slug, target)),
        *(share.source for share in fractions(slug)),
        *(found.sources if found else ()),
    )
    return [key for key in keys if key]


def _behind(*row_ids: str) -> list[str]:
    return [row(row_id).source for row_id in row_ids]


def _first_levels(slug: str) -> dict[str, str]:
    return {item.id: f"{level_text(item.value_ng_per_ml)}: {item.context}" for item in levels(slug)}


def _second_options(first: str) -> dict[str, str]:
    named = {
        item.id: f"{drug(slug).name}, {level_text(item.value_ng_per_ml)}: {item.context}"
        for slug in SECOND
        if slug != first
        for item in levels(slug)
    }
    return {"": "nothing", **named}


def _every_source() -> list[str]:
    """Keys of all sources that a state may cite."""
    rows = [
        found
        for slug in dict.fromkeys((*FIRST, *SECOND))
        for found in (*levels(slug), *fractions(slug), *simple_values(slug, "NMDA"), *simple_values(slug, "MOR"))
    ]
    return [*(found.source for found in (*rows, *map(row, (*TIME_ROWS, MODEL_ROW)))), *sources_of("efficacies")]


competition = Explorer(
    id="competition",
    name="Two drugs, one receptor",
    draw=draw_competition,
    main="second",
    controls=[
        Control("first", "First drug", {slug: drug(slug).name for slug in FIRST}, "fentanyl"),
        Control(
            "first_level",
            "Its level in plasma",
            {slug: _first_levels(slug) for slug in FIRST},
            {slug: levels(slug)[0].id for slug in FIRST} | {"ketamine": KETAMINE},
            "select",
            "first",
            hint="Levels read in studies and labels of supervised use only.",
        ),
        Control(
            "second",
            "Then comes",
            {slug: _second_options(slug) for slug in FIRST},
            dict.fromkeys(FIRST, NALOXONE),
            "select",
            "first",
            hint="A level found in a study, not a dose to give or take.",
        ),
        Control("tissue", "Spare receptors", TISSUES, tissues()[0].id, "radio"),
    ],
    presets={
        "Fentanyl alone": {"first": "fentanyl", "second": ""},
        "Fentanyl, then naloxone": {"first": "fentanyl", "second": NALOXONE},
        "Buprenorphine, then naloxone: harder to displace": {"first": "buprenorphine", "first_level": BUPRENORPHINE},
        "Fentanyl and buprenorphine": {"first": "fentanyl", "second": BUPRENORPHINE},
        "Methadone and naltrexone": {"first": "methadone", "second": "CC22"},
        "Ketamine and naloxone": {"first": "ketamine", "second": NALOXONE},
        "Ketamine and naltrexone": {"first": "ketamine", "second": "CC22"},
    },
    leaves_out={
        "effect": "Occupancy is not effect, and switching mu on in a cell is not pain relief or breathing in a person.",
        "time": "It shows the end of a contest, not its course. Buprenorphine leaves mu slowly, so naloxone needs "
        "longer and more; and most opioids outlast naloxone, so breathing can become weak again after it has worked.",
        "the brain": "It takes the free level in plasma for the level at the receptor. Plasma is not brain, and "
        "morphine looks fuller here than it is.",
        "the body": "It knows nothing of tolerance, breakdown products or other medicines. In somebody who takes "
        "opioids, naloxone, naltrexone or buprenorphine can bring on withdrawal.",
        "helpers": "Ketamine may make the body’s own opioids work better at another place of the receptor. "
        "Blocking mu would block that too, and no occupancy shows it.",
    },
    sources=_every_source,
)


def predict_competition() -> PredictionView:
    """Guess what naloxone leaves of fentanyl at mu, and of ketamine at NMDA."""
    fentanyl, ketamine = pair(FENTANYL, NALOXONE), pair(KETAMINE, NALOXONE)
    before, left = pair(FENTANYL).held(), fentanyl.held()
    without, kept = pair(KETAMINE).held("NMDA"), ketamine.held("NMDA")
    shares = sorted(100 * now / was for now, was in zip(kept, without, strict=True))
    rivals = ("fentanyl", "naloxone")
    return PredictionView(
        "competition",
        f"At a level that eased pain after surgery, fentanyl is predicted to fill {percent_range(*before)} of mu. Then "
        f"naloxone arrives, at the level that one nasal spray of the weaker kind gave volunteers. What is left?",
        [
            Guess(
                "mu", "Mu sites that fentanyl still holds", "%", 100 * left.low, 100 * left.high, percent_range(*left)
            ),
            Guess(
                "nmda",
                "In somebody who had ketamine instead: how much of its NMDA block is left",
                "%",
                shares[0],
                shares[-1],
                f"{percent(shares[0] / 100) if shares[0] < 99.5 else 'all of it'}",
            ),
        ],
        "Naloxone competes for mu and does not reverse ketamine, because ketamine’s main site is another one. Give it "
        "anyway if an opioid is possible, even when unsure, and call emergency services. A receptor that is no longer "
        "held now may be held again later: most opioids outlast naloxone.",
        [
            *_behind(FENTANYL, NALOXONE, KETAMINE, *TIME_ROWS),
            *(value.source for slug in rivals for value in simple_values(slug, "MOR") if value.verified),
            *(share.source for slug in rivals for share in fractions(slug)),
        ],
    )
