"""A guesser that knows nothing of the subject: what it sees of options, how it learns, and what it then finds.

It sees length and its rank, joined clauses, hedges, absolutes, reasons, negation, comparison, numbers, punctuation,
words shared with the stem and with the other options, rare and long words, place and grammar. It learns on all
chapters but one and answers the one left out; forms A and B are answered by what the chapters taught. Two ways of
learning: a conditional logit on the features, and one on the words that options hold.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
import yaml

FOLDER = Path(__file__).resolve().parents[2] / "data" / "quizzes"
FORMS = ("00", "10")
CHOSEN_BY_STYLE = ("single", "truth", "several")
HEDGES = (
    r"may|might|can|could|would|about|usually|often|mostly|some|somewhat|unsettled|unsure|open|unclear|depends?"
    r"|possibl[ey]|likely|perhaps|partly|in part|probably|hardly|tends?|seems?|suggests?|not (?:yet )?(?:known|shown)"
    r"|unknown|at least|so far|on average|still|one of|yet|most|a part|part of|almost|nearly|few"
)
ABSOLUTES = (
    r"all|never|always|only|none?|every(?:one|body|thing)?|nobody|nothing|any|cannot|must|has to|have to|wholly|exactly"
    r"|prove[sdn]?|each|both|equally|same|alone|just|entirely|completely|at all|ever|without|neither"
)
WORDS_OF = {
    "hedges": HEDGES,
    "absolutes": ABSOLUTES,
    "joins": r"and|but|though|although|yet|while|whereas|or|nor",
    "reasons": r"because|since|as|so|for this|therefore|if",
    "negation": r"not|no|none|never|nobody|nothing|neither|nor|without|cannot|\w+n['’]t|un\w+",
    "comparison": r"more|less|than|most|least|fewer|larger|smaller|higher|lower|better|worse|\w+er than",
    "numbers": r"\d+\S*|one|two|three|four|half|both|single|first|second|twice|several|many",
    "pronouns": r"it|its|they|them|their|this|that|these|those|which|who|what|whose",
    "people": r"people|person|somebody|nobody|everybody|everyone|patients?|adults|others",
    "passive": r"(?:is|are|was|were|be|been|being) \w+(?:ed|en|wn|ght)",
    "past": r"was|were|had|did|\w{3,}ed",
    "extremes": r"larger|largest|fully|never|always|twice|best|worst|harmless|safe|mistake|error|wrong",
}
SIGNS = (",", ":", ";", "“", "’", "(", "-", "*")
_COMMON = 3  # a stem's or an option's word counts from this many letters on


def _count(words: str, text: str) -> int:
    return len(re.findall(rf"(?<![\w])(?:{words})(?![\w])", text, re.I))


def _stems(text: str) -> set[str]:
    return {word[:6] for word in re.findall(rf"[a-z]{{{_COMMON + 1},}}", text.lower())}


def texts_of(item: dict) -> list[str]:
    """The options of an item, with a number for each row's value."""
    return [re.sub(r"\{\{.*?\}\}", "100", option["text"]) for option in item["options"]]


def names() -> list[str]:
    """What each column of `features` is called."""
    counted = ["length", *WORDS_OF, *SIGNS, "stem words", "shared words", "own words", "long words", "words"]
    alone = [f"{name} alone" for name in (*WORDS_OF, ",", ":", ";")]
    lacking = [f"{name} lacking" for name in WORDS_OF]
    ends = ["longest", "shortest", "second longest", "far longest", "most alike", "least alike", "most stem words"]
    return [*counted, *alone, *lacking, *ends, *(f"place {at + 1}" for at in range(6)), "last"]


def features(item: dict) -> np.ndarray:
    """One row per option, each feature relative to the mean of its item: shape (options, features)."""
    texts = texts_of(item)
    stem = _stems(item["stem"])
    held = [_stems(text) for text in texts]
    opening = [text.split()[0].lower() for text in texts]
    counts = []
    for at, text in enumerate(texts):
        others = [held[other] for other in range(len(texts)) if other != at]
        words = re.findall(r"[A-Za-z’'-]+", text)
        counts.append(
            [
                len(text) / 20,
                *(min(_count(pattern, text), 2) for pattern in WORDS_OF.values()),
                *(min(text.count(sign), 2) for sign in SIGNS),
                len(stem & held[at]) / 2,
                # Options converge on the key: what several of them share, it shares.
                sum(len(held[at] & other) for other in others) / max(len(held[at]), 1) / len(others),
                sum(not any(word in other for other in others) for word in held[at]) / 2,
                sum(len(word) > 8 for word in words) / 2,
                sum(map(len, words)) / max(len(words), 1) / 2,
            ]
        )
    table = np.array(counts, dtype=float)
    kinds = [*range(1, len(WORDS_OF) + 1), *(1 + len(WORDS_OF) + at for at in range(3))]
    there = table[:, kinds] > 0
    alone = there & (there.sum(axis=0) == 1)
    absent = ~there[:, : len(WORDS_OF)]
    lacking = absent & (absent.sum(axis=0) == 1)
    length, shared = table[:, 0], table[:, names().index("shared words")]
    stemmed = table[:, names().index("stem words")]
    order = np.sort(length)[::-1]
    alike = np.array([opening.count(word) for word in opening])
    shared = shared + alike / 100
    ends = [
        length == order[0],
        length == order[-1],
        length == order[1],
        (length == order[0]) & (order[0] > 1.25 * order[1]),
        shared == shared.max(),
        shared == shared.min(),
        (stemmed == stemmed.max()) & (stemmed > stemmed.min()),
    ]
    places = np.eye(7)[: len(texts)]
    places[-1, 6] = 1
    table = np.hstack([table, alone, lacking, np.array(ends).T, places]).astype(float)
    return table - table.mean(axis=0)


def bag(item: dict, known: dict[str, int]) -> np.ndarray:
    """One row per option: which of the known words it holds, relative to its item."""
    table = np.zeros((len(item["options"]), len(known)))
    for at, text in enumerate(texts_of(item)):
        for word in set(re.findall(r"[a-z’]+", text.lower())):
            if word in known:
                table[at, known[word]] = 1
    return table - table.mean(axis=0)


def fit(tables: list[np.ndarray], keys: list[list[int]], penalty: float, steps: int = 120) -> np.ndarray:
    """Weights of a conditional logit: which options of its item are right."""
    weights = np.zeros(tables[0].shape[1])
    for _ in range(steps):
        slope = -penalty * weights
        for table, right in zip(tables, keys, strict=True):
            scores = np.exp(np.clip(table @ weights, -30, 30))
            slope += table[right].mean(axis=0) - scores / scores.sum() @ table
        weights += slope / len(tables) * 0.5
    return weights


def banks(kind: str = "single") -> dict[str, list[dict]]:
    """Items of one kind by the two digits of their bank."""
    read = {path.name[:2]: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}
    return {number: [item for item in bank["items"] if item["kind"] == kind] for number, bank in read.items()}


def keys_of(item: dict) -> list[int]:
    return [at for at, option in enumerate(item["options"]) if option["right"]]


def hit(item: dict, scores: np.ndarray) -> float:
    """How much of an item is found by choosing as many options as are right, the best-scored first."""
    right = keys_of(item)
    ranked = scores + np.linspace(0, 1e-9, len(scores))[::-1]
    best = np.argsort(-ranked)[: len(right)]
    if len(right) == 1:
        ties = np.flatnonzero(np.isclose(scores, scores.max()))
        return sum(at in right for at in ties) / len(ties)
    return len(set(best) & set(right)) / len(right)


def guessed(kind: str = "single", way: str = "style") -> dict[str, tuple[float, float, int]]:
    """By bank: the share that the guesser gets right, the share of luck, the number of items. way: style or words."""
    found = banks(kind)
    chapters = [number for number in found if number not in FORMS]
    results = {}
    for number, items in found.items():
        if not items:
            continue
        known = [item for other in chapters if other != number for item in found[other]]
        if way == "style":
            see, penalty = features, 3.0
        else:
            spread = Counter(
                word
                for item in known
                for word in {word for text in texts_of(item) for word in re.findall(r"[a-z’]+", text.lower())}
            )
            vocabulary = {word: at for at, word in enumerate(sorted(w for w, count in spread.items() if count >= 4))}

            def see(item: dict, vocabulary: dict[str, int] = vocabulary) -> np.ndarray:
                return bag(item, vocabulary)

            penalty = 4.0
        weights = fit([see(item) for item in known], [keys_of(item) for item in known], penalty)
        luck = float(np.mean([len(keys_of(item)) / len(item["options"]) for item in items]))
        results[number] = (float(np.mean([hit(item, see(item) @ weights) for item in items])), luck, len(items))
    return results


def over(results: dict, numbers: list[str] | tuple[str, ...]) -> tuple[float, float]:
    """Share and luck over several banks, each item counted once."""
    count = sum(results[number][2] for number in numbers)
    return tuple(sum(results[number][at] * results[number][2] for number in numbers) / count for at in (0, 1))


def leanings(kind: str = "single", numbers: list[str] | None = None) -> list[tuple[str, float, float]]:
    """By feature: how far the keys lean to it, in standard errors, and its mean over the keys; strongest first."""
    rows = [
        features(item)[keys_of(item)].mean(axis=0)
        for number, items in banks(kind).items()
        if numbers is None or number in numbers
        for item in items
    ]
    table = np.array(rows)
    error = table.std(axis=0, ddof=1) / np.sqrt(len(table)) + 1e-12
    mean = table.mean(axis=0)
    return sorted(zip(names(), mean / error, mean, strict=True), key=lambda row: -abs(row[1]))


def rules(kind: str = "single", numbers: list[str] | None = None) -> dict[str, tuple[int, int, float]]:
    """By single rule: keys found, items where one option alone stands out in this way, keys that luck would find."""
    columns = names()
    wanted = [name for name in columns if name.endswith((" alone", "lacking", "est", "alike")) or name == "last"]
    found = {name: [0, 0, 0.0] for name in wanted}
    for number, items in banks(kind).items():
        for item in items if numbers is None or number in numbers else ():
            table = features(item)
            for name in wanted:
                column = table[:, columns.index(name)]
                places = np.flatnonzero(column > 0)
                if len(places) == 1:
                    found[name][0] += item["options"][places[0]]["right"]
                    found[name][1] += 1
                    found[name][2] += len(keys_of(item)) / len(column)
    return {name: tuple(counts) for name, counts in found.items() if counts[1]}


def report() -> str:
    """All figures as text."""
    lines = []
    for kind in CHOSEN_BY_STYLE:
        for way in ("style", "words"):
            results = guessed(kind, way)
            chapters = [number for number in results if number not in FORMS]
            forms = [number for number in results if number in FORMS]
            for number, (share, luck, count) in results.items():
                lines.append(f"{kind} {number}, by {way}: guesser {share:.0%} of {count}, luck {luck:.0%}")
            for name, numbers in (("chapters", chapters), ("forms", forms)):
                if numbers:
                    share, luck = over(results, numbers)
                    lines.append(f"== {kind} {name}, by {way}: guesser {share:.0%}, luck {luck:.0%}")
        for name, numbers in (("chapters", chapters), ("forms", forms)):
            for rule, (right, count, expected) in rules(kind, numbers).items() if numbers else ():
                if abs(right - expected) > 1.5 * (expected**0.5):
                    lines.append(f"    {kind} {name}, {rule}: the key in {right} of {count}, luck {expected:.1f}")
    several = [item for items in banks("several").values() for item in items]
    for place in range(max(len(item["options"]) for item in several)):
        there = [item["options"][place]["right"] for item in several if len(item["options"]) > place]
        lines.append(f"several, place {place + 1}: right in {sum(there)} of {len(there)}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())
    for kind in CHOSEN_BY_STYLE:
        for name, z, mean in leanings(kind)[:14]:
            print(f"{kind}: keys lean to {name}: {z:+.1f} standard errors ({mean:+.2f})")
