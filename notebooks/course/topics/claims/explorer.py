"""All claims of the two articles, to browse; and the guess that comes before."""

from __future__ import annotations

from functools import cache

from ...display import Axes, Chart, Control, Dots, Explorer, Guess, Label, Mark, PredictionView, Span, Table
from .charts import NOT_A_SCORE
from .rows import (
    ARTICLES,
    TOPICS,
    VERDICTS,
    claims,
    counted,
    in_words,
    labels_behind,
    sources_behind,
)

ALL = ""


@cache
def draw_claim_browser(article: str, topic: str, verdict: str) -> Chart:
    """Claims by verdict, and the chosen ones in the table, but for the sixteen that are judged in the activity.

    article: "A", "B" or "" for both; topic: a topic of `data/claims.csv` or "" for all; verdict: as there, or "".
    """
    found = claims(article, topic=topic)
    counts = counted(found)
    chosen_ones = [one for one in found if verdict in (ALL, one.verdict)]
    listed = [one for one in chosen_ones if one.core == "no"]
    most = max(counted(claims()).values())
    marks: list[Mark] = []
    for place, (name, (marker, filled, colour, _)) in enumerate(VERDICTS.items()):
        y, count = len(VERDICTS) - place, counts[name]
        key, chosen = name.replace(" ", "-"), name == verdict
        marks += [
            Span(f"shade-{key}", "edge", 0, y, most * 1.35 if chosen else 0, y, 34, opacity=0.14),
            Span(f"bar-{key}", colour, 0, y, count, y, 5, "solid" if filled else "dotted"),
            Dots(f"end-{key}", colour, [count], [y], marker, 14, filled),
            Label(f"says-{key}", "ink", count, y, str(count), 14, bold=chosen),
        ]
    return Chart(
        "claim-browser",
        f"{_where(article, topic)}: {counts['holds']} of {len(found)} claims hold as they stand",
        Axes(
            "Claims",
            (0, most * 1.35),
            list(range(0, most + 10, 10)),
            "",
            (0.4, len(VERDICTS) + 0.6),
            {len(VERDICTS) - place: name for place, name in enumerate(VERDICTS)},
            left=176,
            right=8,
            top=8,
            grid="x",
        ),
        marks,
        f"{in_words(counts)}. The table lists {len(listed)} of the chosen {len(chosen_ones)}"
        + ("; the rest are among the sixteen." if len(listed) < len(chosen_ones) else "."),
        Table(
            f"{_where(article, topic)}, {verdict or 'all verdicts'}: {len(listed)}",
            ("Claim", "Verdict", "Why", "Sources", "Row"),
            [
                (
                    f"{one.article}, “{one.place}”: {one.claim}",
                    one.verdict,
                    one.reason,
                    labels_behind(one),
                    f"{one.id} ({one.rows.replace(' ', ', ')})" if one.rows else one.id,
                )
                for one in listed
            ],
        ),
        sources_behind(claims()),  # the same in every view, so that no frame carries them
        caveat=NOT_A_SCORE,
        height=300,
    )


def _where(article: str, topic: str) -> str:
    return ARTICLES.get(article, "Both articles") + (
        f", {TOPICS[topic][0].lower()}{TOPICS[topic][1:]}" if topic else ""
    )


claim_browser = Explorer(
    id="claim-browser",
    name="All the claims of two articles",
    draw=draw_claim_browser,
    main="article",
    controls=[
        Control("article", "Article", {ALL: "Both", **ARTICLES}, ALL, "radio"),
        Control("topic", "Topic", {ALL: "All topics", **TOPICS}, ALL),
        Control(
            "verdict",
            "Verdict",
            {ALL: "All verdicts", **{name: name[0].upper() + name[1:] for name in VERDICTS}},
            "does not hold",
            hint="The claims stand in the table under the picture.",
        ),
    ],
    presets={
        "What does not hold": {"article": ALL, "topic": ALL, "verdict": "does not hold"},
        "Where A is right": {"article": "A", "topic": ALL, "verdict": "holds"},
        "Where B is right": {"article": "B", "topic": ALL, "verdict": "holds"},
        "What cannot be checked": {"article": ALL, "topic": ALL, "verdict": "cannot be checked"},
    },
    leaves_out={
        "weight": "A claim about breathing and a claim about waiting rooms count the same here.",
        "what is missing": "A ledger lists what an article says. What it leaves out appears only in the reasons.",
        "later versions": "The articles may have changed since they were read.",
    },
    simulates=False,
    sources=lambda: sources_behind(claims()),
)


def predict_claim_browser() -> PredictionView:
    """Guess how many claims hold, and how many do not."""
    counts, total = counted(claims()), len(claims())
    return PredictionView(
        "claim-browser",
        f"We split the two articles into {total} claims. How many of them hold as they stand, and how many do not "
        "hold?",
        [
            Guess(
                name, label, "claims", counts[verdict], counts[verdict], str(counts[verdict]), 0, total, 1, total // 2
            )
            for name, label, verdict in (
                ("holds", "Hold as they stand", "holds"),
                ("fails", "Do not hold", "does not hold"),
            )
        ],
        f"Most lie between: {counts['needs qualification']} need qualification, and {counts['cannot be checked']} "
        "cannot be checked. Few claims are simply wrong; many are right with a word too many, or with something "
        "left out.",
        sources_behind(one for one in claims() if one.core == "yes"),
    )
