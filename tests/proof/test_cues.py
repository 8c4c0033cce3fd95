"""A guesser that knows nothing of the subject, only the style of the other banks, must not find the key.

It sees surface features of each option: length, joined clauses, hedges, absolutes, reasons, numbers, words of the stem,
place. It learns on all chapters but one and answers the one left out; forms A and B are answered by what the chapters
taught. `python tests/proof/test_cues.py` prints the shares, and those of single rules.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

pytestmark = pytest.mark.proof

FOLDER = Path(__file__).resolve().parents[2] / "data" / "quizzes"
FORMS = ("00", "10")
MARGIN_CHAPTERS, MARGIN_FORMS = 0.07, 0.10
HEDGES = (
    r"may|might|can|could|about|usually|often|mostly|some|somewhat|unsettled|unsure|open|unclear|depends?|possibl[ey]"
    r"|likely|perhaps|partly|in part|probably|hardly|tends?|seems?|suggests?|not (?:yet )?(?:known|shown)|unknown"
    r"|at least|so far|on average|still|one of|yet"
)
ABSOLUTES = (
    r"all|never|always|only|none?|every(?:one|body|thing)?|nobody|nothing|any|cannot|must|wholly|exactly|prove[sdn]?"
    r"|each|both|equally|same|alone|just|entirely|completely|at all"
)
JOINS = r"and|but|though|although|yet|while|whereas|;"
REASONS = r"because|since|as|so|for this"


def _count(words: str, text: str) -> int:
    pattern = rf"(?<![\w])(?:{words})(?![\w])" if ";" not in words else rf"\b(?:{words.removesuffix('|;')})\b|;"
    return len(re.findall(pattern, text, re.I))


def _stem_words(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{4,}", text.lower())}


def features(item: dict) -> np.ndarray:
    """One row per option, each feature relative to the mean of its item: shape (options, features)."""
    texts = [re.sub(r"\{\{.*?\}\}", "100", option["text"]) for option in item["options"]]
    stem = _stem_words(item["stem"])
    counts = np.array(
        [
            [
                len(text) / 20,
                *(min(_count(words, text), 2) for words in (HEDGES, ABSOLUTES, JOINS, REASONS, "not|n't|without")),
                text.count(","),
                text.count(":"),
                bool(re.search(r"\d", text)),
                len(stem & _stem_words(text)) / 2,
            ]
            for text in texts
        ],
        dtype=float,
    )
    alone = np.array([(counts[:, at] > 0) & ((counts[:, at] > 0).sum() == 1) for at in range(1, 6)]).T.astype(float)
    lengths = counts[:, 0]
    ends = np.array([lengths == lengths.max(), lengths == lengths.min()]).T.astype(float)
    places = np.eye(6)[: len(texts)]
    table = np.hstack([counts, alone, ends, places])
    return table - table.mean(axis=0)


def fit(items: list[dict], penalty: float = 1.0, steps: int = 400) -> np.ndarray:
    """Weights of a conditional logit: which option of its item is the key."""
    tables = [(features(item), [option["right"] for option in item["options"]].index(True)) for item in items]
    weights = np.zeros(tables[0][0].shape[1])
    for _ in range(steps):
        slope = -penalty * weights
        for table, key in tables:
            scores = np.exp(table @ weights)
            slope += table[key] - scores / scores.sum() @ table
        weights += slope / len(tables) * 0.5
    return weights


def banks(kind: str = "single") -> dict[str, list[dict]]:
    read = {path.name[:2]: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}
    return {number: [item for item in bank["items"] if item["kind"] == kind] for number, bank in read.items()}


def hit(item: dict, weights: np.ndarray) -> float:
    scores = features(item) @ weights
    best = np.flatnonzero(np.isclose(scores, scores.max()))
    return sum(item["options"][at]["right"] for at in best) / len(best)


def guessed(kind: str = "single") -> dict[str, tuple[float, float, int]]:
    """By bank: the share that the guesser gets right, the share of luck, and the number of items."""
    found = banks(kind)
    chapters = [number for number in found if number not in FORMS]
    results = {}
    for number, items in found.items():
        if not items:
            continue
        weights = fit([item for other in chapters if other != number for item in found[other]])
        luck = float(np.mean([1 / len(item["options"]) for item in items]))
        results[number] = (float(np.mean([hit(item, weights) for item in items])), luck, len(items))
    return results


def over(results: dict, numbers: list[str]) -> tuple[float, float]:
    """Share and luck over several banks, each item counted once."""
    count = sum(results[number][2] for number in numbers)
    return tuple(sum(results[number][at] * results[number][2] for number in numbers) / count for at in (0, 1))


def rules(kind: str = "single", numbers: list[str] | None = None) -> dict[str, tuple[int, int, float]]:
    """By single rule: keys found, items where one option alone stands out in this way, keys that luck would find."""
    marks = {
        "hedged alone": lambda text: _count(HEDGES, text) > 0,
        "joined alone": lambda text: _count(JOINS, text) > 0,
        "absolute alone": lambda text: _count(ABSOLUTES, text) > 0,
        "reason alone": lambda text: _count(REASONS, text) > 0,
        "negated alone": lambda text: _count("not|n't|without", text) > 0,
    }
    found = {name: [0, 0, 0.0] for name in (*marks, "longest", "shortest")}
    for number, items in banks(kind).items():
        for item in items if numbers is None or number in numbers else ():
            texts = [re.sub(r"\{\{.*?\}\}", "100", option["text"]) for option in item["options"]]
            sizes = [len(text) for text in texts]
            chosen = {name: [at for at, text in enumerate(texts) if mark(text)] for name, mark in marks.items()}
            chosen["longest"] = [at for at, size in enumerate(sizes) if size == max(sizes)]
            chosen["shortest"] = [at for at, size in enumerate(sizes) if size == min(sizes)]
            for name, places in chosen.items():
                if len(places) == 1:
                    found[name][0] += item["options"][places[0]]["right"]
                    found[name][1] += 1
                    found[name][2] += 1 / len(texts)
    return {name: tuple(counts) for name, counts in found.items()}


def report() -> str:
    lines = []
    for kind in ("single", "truth"):
        results = guessed(kind)
        chapters = [number for number in results if number not in FORMS]
        for number, (share, luck, count) in results.items():
            lines.append(f"{kind} {number}: guesser {share:.0%} of {count}, luck {luck:.0%}")
        for name, numbers in (("chapters", chapters), ("forms", [one for one in results if one in FORMS])):
            share, luck = over(results, numbers)
            lines.append(f"{kind} {name}: guesser {share:.0%}, luck {luck:.0%}")
            for rule, (right, count, expected) in rules(kind, numbers).items():
                lines.append(f"    {rule}: the key in {right} of {count}, luck {expected:.1f}")
    several = [item for items in banks("several").values() for item in items]
    for place in range(max(len(item["options"]) for item in several)):
        there = [item["options"][place]["right"] for item in several if len(item["options"]) > place]
        lines.append(f"several, place {place + 1}: right in {sum(there)} of {len(there)}")
    return "\n".join(lines)


def test_a_guesser_finds_the_keys_of_chapters_no_better_than_luck():
    results = guessed()
    share, luck = over(results, [number for number in results if number not in FORMS])
    assert share <= luck + MARGIN_CHAPTERS, f"The style of the options tells the key.\n{report()}"


def test_a_guesser_finds_the_keys_of_the_forms_no_better_than_luck():
    results = guessed()
    share, luck = over(results, list(FORMS))
    assert share <= luck + MARGIN_FORMS, f"The style of the options tells the key.\n{report()}"


if __name__ == "__main__":
    print(report())
