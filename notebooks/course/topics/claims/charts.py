"""Two clinic articles against the evidence: how many claims hold, and where the articles contradict."""

from __future__ import annotations

from ...display import Axes, Chart, ChartView, Dots, Label, Mark, Span, Table
from ...display.lines import wrap
from ...evidence import nearest, reference, table
from ...evidence.records import Contradiction
from .rows import ARTICLES, VERDICTS, claim, claims, counted, in_words, sources_behind

PLACES = {
    "between": ("between",),
    "within": ("within A", "within B"),
}
# Pixels: to the two columns, from one pair to the next, and the room for headings.
FIRST, SECOND, PAIR, HEAD, WIDTH = 20, 280, 98, 30, 520
WORDS_PX = 232  # of what one article says; more takes a second line
NOT_A_SCORE = (
    "This course chose where one claim ends and the next begins, so the counts are no score of an article. A claim "
    "that cannot be checked may still be true."
)


def claim_verdicts() -> ChartView:
    """How many claims of each article have which verdict."""
    counts = {article: counted(claims(article)) for article in ARTICLES}
    total = {article: sum(found.values()) for article, found in counts.items()}
    everything = sum(total.values())
    most = max(max(found.values()) for found in counts.values())
    marks: list[Mark] = []
    ticks: dict[float, str] = {}
    for place, (verdict, (marker, filled, colour, _)) in enumerate(VERDICTS.items()):
        for step, (article, name) in enumerate(ARTICLES.items()):
            y, count = 3 * (len(VERDICTS) - place) - step, counts[article][verdict]
            key = f"{verdict.replace(' ', '-')}-{article}"
            said = f"{count} of {total[article]}"
            marks += [
                Span(f"bar-{key}", colour, 0, y, count, y, 5, "solid" if filled else "dotted"),
                Dots(f"end-{key}", colour, [count], [y], marker, 13, filled, [f"{name}, {verdict}: {said}"]),
                Label(f"says-{key}", "ink", count, y, said, 14),
            ]
            ticks[y] = f"{verdict}: {article}" if step == 0 else article
    holding = sum(found["holds"] for found in counts.values())
    return ChartView(
        Chart(
            "claim-verdicts",
            f"Of {everything} claims, {holding} hold as they stand",
            Axes(
                "Claims",
                (0, most * 1.35),
                list(range(0, most + 5, 5)),
                "",
                (0.8, 3 * len(VERDICTS) + 1),
                ticks,
                left=196,
                right=8,
                top=8,
                grid="x",
            ),
            marks,
            " ".join(f"{name}: {in_words(counts[article])}." for article, name in ARTICLES.items()),
            Table(
                "Claims by verdict",
                ("Verdict", "What it means", *ARTICLES.values()),
                [
                    (verdict, means, *(f"{counts[article][verdict]} of {total[article]}" for article in ARTICLES))
                    for verdict, (*_, means) in VERDICTS.items()
                ],
            ),
            sources_behind(claims()),
            caveat=NOT_A_SCORE,
            subtitle="Claims of two clinic articles, A and B, each judged against its sources.",
            height=380,
        )
    )


def contradictions(where: str = "between") -> ChartView:
    """Pairs of claims that cannot both stand as they are, each with its verdict.

    where: "between" the two articles, or "within" one of them. Raises `ValueError` with the nearest word.
    """
    if where not in PLACES:
        raise ValueError(f"{where!r} is not where to look for contradictions. {nearest(where, PLACES)}")
    pairs = [found for place in PLACES[where] for found in table(Contradiction) if found.place == place]
    height = HEAD + PAIR * len(pairs) + 8
    heads = list(ARTICLES.values()) if where == "between" else ["In one place", "In another"]
    marks: list[Mark] = [
        Label(f"head-{place}", "ink", x - 14, height - 16, head, bold=True)
        for place, (x, head) in enumerate(zip((FIRST, SECOND), heads, strict=True))
    ]
    for number, pair in enumerate(pairs):
        top = height - HEAD - PAIR * number
        issue = pair.issue if where == "between" else f"{ARTICLES[pair.place[-1]]}. {pair.issue}"
        marks += [
            Span(f"rule-{pair.id}", "line", 0, top, WIDTH, top, 1),
            Label(f"issue-{pair.id}", "ink", FIRST - 14, top - 18, issue, bold=True),
            *_side(f"{pair.id}-first", FIRST, top, pair.first_claim, pair.first_says),
            *_side(f"{pair.id}-second", SECOND, top, pair.second_claim, pair.second_says),
        ]
    both = [claim(claim_id) for pair in pairs for claim_id in (pair.first_claim, pair.second_claim)]
    return ChartView(
        Chart(
            f"contradictions-{where}",
            f"The two articles contradict each other on {len(pairs)} questions"
            if where == "between"
            else f"On {len(pairs)} questions one article contradicts itself",
            Axes("", (0, WIDTH), [], "", (0, height), [], left=0, right=0, top=0, bottom=1, grid=""),
            marks,
            " ".join(_said(pair, where) for pair in pairs[:3])
            + (f" The other {len(pairs) - 3} are in the table." if len(pairs) > 3 else ""),
            Table(
                "Contradictions",
                ("Question", *heads, "What the evidence says", "Sources", "Rows"),
                [
                    (
                        issue_of(pair),
                        f"{pair.first_says} ({claim(pair.first_claim).verdict})",
                        f"{pair.second_says} ({claim(pair.second_claim).verdict})",
                        pair.evidence,
                        ", ".join(
                            reference(key).label
                            for key in sources_behind([claim(pair.first_claim), claim(pair.second_claim)])
                        ),
                        f"{pair.id}: {pair.first_claim}, {pair.second_claim}",
                    )
                    for pair in pairs
                ],
            ),
            sources_behind(both),
            subtitle="What each article says, in our words, and the verdict of this course on each claim.",
            caveat="The words are ours. The verdict below each is that of the claim as the article words it.",
            height=height,
        )
    )


def issue_of(pair: Contradiction) -> str:
    """The question of a pair, with its article where the pair stands in one."""
    return pair.issue if pair.place == "between" else f"{ARTICLES[pair.place[-1]]}: {pair.issue}"


def _side(name: str, x: float, top: float, claim_id: str, says: str) -> list[Mark]:
    """What is said, and the verdict on it."""
    found = claim(claim_id)
    marker, filled, colour, _ = VERDICTS[found.verdict]
    return [
        Label(f"{name}-says", "ink", x - 14, top - 47, wrap(says, WORDS_PX)),
        Dots(f"{name}-mark", colour, [x - 6], [top - 78], marker, 12, filled, [f"{found.claim} {found.reason}"]),
        Label(f"{name}-verdict", colour, x + 6, top - 78, found.verdict, bold=True),
    ]


def _said(pair: Contradiction, where: str) -> str:
    one, other = ("A", "B") if where == "between" else ("In one place", "in another")
    return f"{issue_of(pair)} {one}: {pair.first_says}; {other}: {pair.second_says}. {pair.evidence}"
