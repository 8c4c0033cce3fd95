"""What makes a bank of questions unfit, found before a learner meets it.

`problems(bank)` returns every problem as a line of text; an empty list means that the bank is fit. `course_problems()`
says what is wrong between banks: forms that are not parallel, true-or-false questions that are mostly the one, keys
that a hedge tells.
`affected(row_id)` lists the questions to look at again after a change of a data row.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from ..chapters import chapter
from ..evidence import DataError, nearest
from .bank import Bank, banks, chapters, data_rows, objectives
from .items import Item, Option
from .kinds import KINDS, kind_of
from .making import texts_of
from .quantities import UNITS
from .yaml_file import line_of

Parts = tuple[str | int, ...]  # where a part of an item stands in its file

# Shares that luck would rarely give: of four options, a key falls into one place in a quarter of cases.
USUALLY_LONGEST, USUALLY_SAME_PLACE = 0.4, 0.5
MOST_OF_ONE_TRUTH = 0.7
# Of three or four options two or three fit, so luck alone puts a right one first in about half to two thirds.
FIRST_OF_SEVERAL, LONGEST_OF_SEVERAL, FEWEST_SEVERAL = 0.75, 0.75, 4
# Where one option alone is hedged, luck makes it the key in a quarter of cases.
ALONE, FEWEST_ALONE = 0.5, 5
# And where there are many such items, it makes it the key at least now and then.
NEVER, MANY_ALONE = 0.08, 20
FEWEST_HARD = 5
LONGEST_STEM = 40  # words, each value of a row as one
# Two parallel questions: how much longer one of them may be to read.
LONGER = 1.7
FEWEST_PER_OBJECTIVE = 3
UNFIT = ("recalled", "derived", "assumption")

# An option that stands for other options, by whatever words: somewhere in it, or as the whole of it.
_ALL_OR_NONE = re.compile(
    r"\b(?:all|none|neither|both|any|each) of (?:the|these) (?:above|others|options|answers)\b"
    r"|\b(?:all|none) the above\b|\bboth [A-F] and [A-F]\b",
    re.I,
)
_ONLY_OTHERS = re.compile(
    r"(?:all|none|neither|both|each|every one)(?: of)?(?: the| these| them| those)?"
    r"(?: (?:above|others?|other options|options|answers|statements|choices))?"
    r"|(?:all|none|neither|both|each) (?:is|are|holds?|fits?|appl(?:y|ies))(?: right| correct| true| wrong| false)?"
    r"|(?:both |neither |only |either )?[a-f](?:, [a-f])*,? (?:and|or|nor) [a-f](?: (?:is|are|holds?|fits?).*)?"
    r"|no (?:option|answer|statement|choice) .*",
    re.I,
)
_NEGATIVE = re.compile(
    r"\b(not|never|except|exceptions?|all but|but one|without|cannot|incorrect|untrue|false|least|n[o']t)\b|n['’]t\b",
    re.I,
)
# In the sentence that asks, these turn the question round as well; in the story before it they tell a fact.
_TURNS = re.compile(r"\b(no|none|nor|neither|nothing)\b|\bwrong(?=[?.]?$)", re.I)
_BOLD = re.compile(r"\*\*.+?\*\*")
_QUOTED = re.compile("“[^”]*”")
SHORT_QUOTE = 1  # word: a quotation as short as this is the question's own emphasis
_HEDGED = re.compile(
    r"\b(?:may|might|can|could|about|usually|often|mostly|somewhat|hardly|perhaps|possibly|likely|tends?|seems?"
    r"|depends?|partly|at least|so far|open|unclear|unsure|unsettled|unknown|not (?:yet )?(?:known|shown))\b",
    re.I,
)
# Options that speak of the others keep their place: "both drugs", "neither", "the same".
_OF_THE_OTHERS = re.compile(r".*\b(?:both|neither) (?:of (?:its|the|them|these|those)|the same)\b", re.I)
_POINTS = re.compile(r"\b(?:this|the) (?:drawing|picture|chart|figure|table|chapter)\b(?! of)", re.I)
_JOINED = re.compile(r"\b(?:and|but|though|although|while|whereas)\b|;", re.I)
_REASONED = re.compile(r"\b(?:because|since|so)\b|, as ", re.I)
_ABSOLUTE = re.compile(r"\b(?:all|never|always|only|none?|every\w*|nobody|nothing|any|cannot|wholly|at all)\b", re.I)
_NEGATED = re.compile(r"\b(?:not|no|never|nobody|nothing|without|cannot)\b|n['’]t\b", re.I)
_PRINTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_ROW_VALUE = re.compile(r"\{\{\s*([A-Z]{2}\d{1,3})\.(\w+)([^}]*)\}\}")
_COMMA_YEAR = re.compile(
    r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]efore|[Aa]fter|of|by) (1,[89]\d\d|2,0\d\d)(?!,?\d)(?! [a-z]+)"
)
_units = sorted((re.escape(unit) for sizes in UNITS.values() for unit in sizes if unit), key=len, reverse=True)
_FIGURE = re.compile(
    rf"\d[\d,.]*\s*(?:-?fold|times|mg|kg|g/mol|hours?|minutes?|people|adults|{'|'.join(_units)})(?![A-Za-z])"
)


def problems(bank: Bank) -> list[str]:
    """Every problem of a bank, each with file, line, item and mend."""
    found: list[str] = []
    items: list[Item] = []
    for item_id in bank.raw_items:
        try:
            items.append(bank.item(item_id))
        except DataError as error:
            found.append(str(error))
    for item in items:
        for rule in ITEM_RULES:
            try:
                found += [f"data/{bank.file}, line {line}: {item.id}: {said}" for line, said in rule(bank, item)]
            except DataError as error:
                found.append(str(error))
    found += [f"data/{bank.file}, line {line}: {said}" for rule in BANK_RULES for line, said in rule(bank, items)]
    return found


def course_problems() -> list[str]:
    """Every problem between the banks of the course, each with the items and the mend."""
    several = [item for one in chapters() for item in one.items if kind_of(item) is KINDS["several"]]
    everything = [item for one in chapters() for item in one.items]
    return [
        *_truths_mixed(),
        *_several(several),
        *_alone_hedged(everything),
        *_alone_styled(everything),
        *_forms_parallel(),
    ]


def all_problems() -> list[str]:
    """Every problem of every bank, and between them. Raises `DataError` for a bank that cannot be read."""
    return [*(problem for bank in banks() for problem in problems(bank)), *course_problems()]


def affected(row_id: str) -> list[str]:
    """Ids of the questions that rest on this data row, over all banks. Raises `KeyError` with the nearest row."""
    if row_id not in data_rows():
        raise KeyError(f"There is no data row {row_id}. {nearest(row_id, data_rows())}")
    return [item.id for bank in banks() for item in bank.items if row_id in item.rows]


Found = Iterator[tuple[int, str]]


def rows_exist(bank: Bank, item: Item) -> Found:
    """Every row that is listed exists, and every row that is used is listed."""
    for at, row_id in enumerate(item.facts):
        if row_id not in bank.rows:
            yield (
                bank.place(item.id, "facts", at),
                f"there is no data row {row_id}. {nearest(row_id, bank.rows)}",
            )
    for row_id in item.rows:
        # A molar mass comes with the drug's name; it need not be listed.
        if row_id not in item.facts and not row_id.startswith("DR"):
            yield bank.place(item.id, "facts"), f"uses {row_id} without listing it. Add it to `facts`."


def rows_verified(bank: Bank, item: Item) -> Found:
    """No key and no verdict rests on a row that nobody has read in a source."""
    for row_id in item.rows:
        row = bank.rows.get(row_id)
        if row and (row.verification in UNFIT or row.confidence == "low"):
            yield (
                bank.place(item.id, "facts"),
                (
                    f"rests on {row_id}, which is {row.verification} with {row.confidence} "
                    "confidence. Use a verified row."
                ),
            )


def key_holds(bank: Bank, item: Item) -> Found:
    """What the key rests on is true of the rows as they are."""
    for at, statement in enumerate(item.raw["holds"]):
        held = bank.work_out(item.id, statement, "holds", at)
        if held is not True:
            yield bank.place(item.id, "holds", at), f"no longer holds: {statement}. Look at the key again."


def objective_known(bank: Bank, item: Item) -> Found:
    """The objective is one of the bank's, on the same level."""
    known = objectives() if bank.form else {objective.id: objective for objective in bank.objectives}
    if item.objective not in known:
        yield (
            bank.place(item.id, "objective"),
            f"there is no objective {item.objective}. {nearest(item.objective, known)}",
        )
    elif missing := [one for one in item.raw.get("also", ()) if one not in known or one == item.objective]:
        yield bank.place(item.id, "also"), f"lists {missing[0]} under `also`, which is no other objective. Take it out."
    elif known[item.objective].level != item.level:
        yield (
            bank.place(item.id, "level"),
            f"is {item.level}, its objective {known[item.objective].level}. Make them agree.",
        )
    if item.level == "core" and kind_of(item).calculates:
        yield (
            bank.place(item.id, "kind"),
            "asks for a calculation on the core level. Move it to the deeper level.",
        )
    if item.id[1:3] != bank.chapter[:2]:
        yield (
            bank.place(item.id, "id"),
            f"does not carry the number of its chapter, {bank.chapter[:2]}. Change the id.",
        )


def section_known(bank: Bank, item: Item) -> Found:
    """The section to read again is a heading of the notebook."""
    slug, _, anchor = item.section.rpartition("#")
    if bool(slug) != bool(bank.form):
        form = "05-scheduling#The-heading" if bank.form else "The-heading"
        yield bank.place(item.id, "section"), f"names its section as {item.section!r}. Write it like {form}."
        return
    known = [f"{slug}#{anchor}" for anchor in _headings(slug)] if slug else _headings(bank.chapter, bank)
    if item.section not in known:
        yield (
            bank.place(item.id, "section"),
            f"there is no section {item.section!r}. {nearest(item.section, known)}",
        )


def answers_distinct(bank: Bank, item: Item) -> Found:
    """No two options alike."""
    for path, texts in kind_of(item).sets(item):
        seen: dict[str, int] = {}
        for at, text in enumerate(texts):
            bare = re.sub(r"[^\w<>≤≥=−+]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()
            if bare in seen:
                yield (
                    bank.place(item.id, *path, at),
                    f"{_one(path)} {at + 1} repeats {_one(path)} {seen[bare] + 1}. Change one of them.",
                )
            seen.setdefault(bare, at)


def reasons_given(bank: Bank, item: Item) -> Found:
    """Options and traps say why, wrong ones name their misconception, and the item explains its key."""
    for path, entry in _explained(item.raw):
        if len(set(entry["feedback"].casefold().split())) < 4:
            yield bank.place(item.id, *path), f"{_one(path)} has no real feedback. Say why."
        # A line, a step and a trap are met by somebody who was wrong.
        if not entry.get("right", False) and not str(entry.get("misconception", "")).strip() and path[0] != "truth":
            yield bank.place(item.id, *path), f"{_one(path)} names no misconception. Name it."
    if len(item.why.split()) < 6:
        yield bank.place(item.id, "why"), "has no real explanation. Say why the answer is right."


def wording(bank: Bank, item: Item) -> Found:
    """No "all of the above", and a negative in the question stands out."""
    for path, texts in kind_of(item).sets(item):
        for at, text in enumerate(texts):
            bare = " ".join(unicodedata.normalize("NFKC", text).replace("*", "").split())
            met = _ALL_OR_NONE.search(bare) or _ONLY_OTHERS.fullmatch(bare.rstrip("."))
            if met:
                yield bank.place(item.id, *path, at), f"says “{met[0]}”. Write what is meant."
    # A negative inside a quotation is not the question's own.
    own = _QUOTED.sub(_short_quote, _BOLD.sub("", " ".join(item.stem.split())))
    met = _NEGATIVE.search(own) or _TURNS.search(re.split(r"(?<=[.?!:]) ", own)[-1])
    if met:
        yield (
            bank.place(item.id, "stem"),
            f"hides a negative (“{met[0]}”). Write it as **{met[0]}**, or ask positively.",
        )


def _short_quote(quotation: re.Match[str]) -> str:
    return quotation[0] if len(quotation[0].split()) <= SHORT_QUOTE else ""


def figures_from_rows(bank: Bank, item: Item) -> Found:
    """Numbers with a unit come from rows or are declared as given."""
    allowed = {_tidy(text) for text in item.raw.get("given", {}).values()}
    for path, text in texts_of(item.raw):
        for met in _FIGURE.finditer(_PRINTED.sub("{}", text)):
            if _tidy(met[0]) not in allowed:
                yield (
                    bank.place(item.id, *path),
                    f"writes out “{met[0]}”. Take it from a data row, or list it under `given`.",
                )


def years_plain(bank: Bank, item: Item) -> Found:
    """A year has no thousands comma: neither printed from a row that holds one, nor written out."""
    for path, text in texts_of(item.raw):
        for row_id, field, rest in _ROW_VALUE.findall(text):
            row = bank.rows.get(row_id)
            unit = str(getattr(row, "unit", ""))
            if (field == "year" or (field == "value" and re.match(r"year\b", unit))) and "number" in rest:
                yield bank.place(item.id, *path), f"prints the year of {row_id} as a number. Use {{{{ … | year }}}}."
        if met := _COMMA_YEAR.search(text):
            yield (
                bank.place(item.id, *path),
                f"writes “{met[0]}”, a year with a comma. Write {met[1].replace(',', '')}.",
            )


def fit_for_its_kind(bank: Bank, item: Item) -> Found:
    """What its kind asks for besides."""
    yield from ((bank.place(item.id, *path), said) for path, said in kind_of(item).lint(item))


def cases_whole(bank: Bank, items: list[Item]) -> Found:
    """A case opens two or more questions, and they stand together."""
    for case_id in bank.raw_cases:
        places = [at for at, item in enumerate(items) if item.case and item.case.id == case_id]
        if len(places) < 2:
            line = bank.place(items[places[0]].id if places else next(iter(bank.raw_items)))
            yield line, f"the case {case_id} has {len(places)} questions, fewer than 2. Add some, or drop the case."
        elif places[-1] - places[0] != len(places) - 1:
            line = bank.place(items[places[0]].id)
            yield line, f"the questions of case {case_id} stand apart. Put them one after the other."


def key_not_longest(bank: Bank, items: list[Item]) -> Found:
    """The longest option is not usually the key."""
    found = [item for item in items if kind_of(item).one_right]
    longest = [item.id for item in found if _is_longest(item.options)]
    if len(found) >= 4 and len(longest) > USUALLY_LONGEST * len(found):
        where = ", ".join(longest)
        said = f"the right option is the longest in {len(longest)} of {len(found)} ({where}). Shorten it."
        yield bank.place(longest[0]), said


def key_not_alone_hedged(bank: Bank, items: list[Item]) -> Found:
    """Where one option alone is hedged, it is not usually the key."""
    yield from ((bank.place(items[0].id), said) for said in _alone_hedged(items))


def _alone_hedged(items: list[Item]) -> Iterator[str]:
    hedged = {
        item.id: [option for option in item.options if _HEDGED.search(option.text)]
        for item in items
        if kind_of(item) is KINDS["single"]
    }
    alone = {item_id: options[0].right for item_id, options in hedged.items() if len(options) == 1}
    keys = [item_id for item_id, right in alone.items() if right]
    if len(alone) >= FEWEST_ALONE and len(keys) > ALONE * len(alone):
        where = ", ".join(keys)
        yield f"the one hedged option is the key in {len(keys)} of {len(alone)} ({where}). Hedge another, or none."


_STYLES = {"joins two clauses": _JOINED, "gives a reason": _REASONED, "is absolute": _ABSOLUTE, "is negative": _NEGATED}


def key_not_told_by_style(bank: Bank, items: list[Item]) -> Found:
    """Where one option alone joins clauses, gives a reason, is absolute or negative, it is key as luck has it."""
    yield from ((bank.place(items[0].id), said) for said in _alone_styled(items))


def _alone_styled(items: list[Item]) -> Iterator[str]:
    single = [item for item in items if kind_of(item) is KINDS["single"]]
    for what, words in _STYLES.items():
        found = {item.id: [one for one in item.options if words.search(one.text)] for item in single}
        alone = {item_id: options[0].right for item_id, options in found.items() if len(options) == 1}
        keys = [item_id for item_id, right in alone.items() if right]
        where = f"({', '.join(keys or alone)})"
        if len(alone) >= FEWEST_ALONE and len(keys) > ALONE * len(alone):
            yield f"the one option that {what} is the key in {len(keys)} of {len(alone)} {where}. Let another, or none."
        elif len(alone) >= MANY_ALONE and len(keys) < NEVER * len(alone):
            yield f"the one option that {what} is the key in {len(keys)} of {len(alone)} {where}. Let a key be so, too."


def key_not_in_one_place(bank: Bank, items: list[Item]) -> Found:
    """The key is not usually in the same place."""
    places = Counter(
        next(at for at, option in enumerate(item.options) if option.right) for item in items if kind_of(item).one_right
    )
    count = sum(places.values())
    place, most = places.most_common(1)[0] if places else (0, 0)
    if count >= 4 and most > USUALLY_SAME_PLACE * count:
        letter = "ABCDEF"[place]
        said = f"the right option is {letter} in {most} of {count} questions. Change the order of some."
        yield bank.place(items[0].id), said


def several_not_guessed(bank: Bank, items: list[Item]) -> Found:
    """Where several answers fit, neither the first option nor the longest is usually one of them."""
    found = [item for item in items if kind_of(item) is KINDS["several"]]
    yield from ((bank.place(found[0].id), said) for said in _several(found))


def _several(found: list[Item]) -> Iterator[str]:
    if len(found) < FEWEST_SEVERAL:
        return
    first = [item.id for item in found if item.options[0].right]
    longest = [item.id for item in found if max(item.options, key=lambda option: len(option.text)).right]
    for some, share, what in ((first, FIRST_OF_SEVERAL, "first"), (longest, LONGEST_OF_SEVERAL, "longest")):
        if len(some) > share * len(found):
            where = ", ".join(some)
            yield f"the {what} option is right in {len(some)} of {len(found)} with several ({where}). Change some."


def objectives_covered(bank: Bank, items: list[Item]) -> Found:
    """Each objective has enough items to be judged by; a form asks each chapter's once."""
    counts = Counter(item.objective for item in items)
    for at, objective in enumerate(bank.objectives):
        count = counts[objective.id]
        if count < FEWEST_PER_OBJECTIVE:
            line = line_of(bank.lines, ("objectives", at)) or 1
            yield line, f"{objective.id} has {count} questions, fewer than {FEWEST_PER_OBJECTIVE}. Add some."


def stems_differ(bank: Bank, items: list[Item]) -> Found:
    """No question is asked twice."""
    for stem, count in Counter(item.stem.lower() for item in items).items():
        if count > 1:
            last = [item.id for item in items if item.stem.lower() == stem][-1]
            yield bank.place(last, "stem"), f"the question “{stem[:50]}…” is asked {count} times. Change one."


def order_fixed_where_it_must(bank: Bank, item: Item) -> Found:
    """Options that form a scale, or speak of each other, keep their order."""
    if item.raw.get("order") == "fixed" or not (options := kind_of(item).lettered(item)):
        return
    texts = [option.text for option in options]
    numbers = [re.findall(r"\d[\d,.]*", _PRINTED.sub("1", text)) for text in texts]
    scale = all(re.fullmatch(r"(?:Schedule )?(?:[IVX]+|[\d,.]+)(?: \S{1,8})?", text) for text in texts) and any(numbers)
    scale = scale or all(re.fullmatch(r"Schedule [IVX]+", text) for text in texts)
    if scale or any(_OF_THE_OTHERS.match(text) for text in texts):
        yield (
            bank.place(item.id, "options"),
            "has options that form a scale or speak of each other. Add `order: fixed`.",
        )


def stem_short(bank: Bank, item: Item) -> Found:
    """A question is read in one breath, and stands by itself wherever review shows it."""
    words = len(re.sub(r"\{\{.*?\}\}", "1", item.raw["stem"]).split())
    if words > LONGEST_STEM:
        yield bank.place(item.id, "stem"), f"asks in {words} words, more than {LONGEST_STEM}. Shorten it."
    if not item.case and (met := _POINTS.search(item.stem)):
        yield bank.place(item.id, "stem"), f"points to “{met[0]}”, which review does not show. Say what is meant."


def warm_up_known(bank: Bank, items: list[Item]) -> Found:
    """The two questions that open a chapter are quick ones of earlier chapters."""
    known = {item_id: raw for one in chapters() for item_id, raw in one.raw_items.items()}
    for at, item_id in enumerate(bank.warm_up):
        line = line_of(bank.lines, ("warm_up", at)) or 1
        if item_id not in known or item_id[1:3] >= bank.chapter[:2]:
            yield line, f"opens with {item_id}, which is no question of an earlier chapter. Choose another."
        elif known[item_id]["kind"] not in ("single", "truth") or "case" in known[item_id]:
            yield line, f"opens with {item_id}, which takes more than half a minute. Choose a single choice."


ITEM_RULES: tuple[Callable[[Bank, Item], Found], ...] = (
    rows_exist,
    rows_verified,
    key_holds,
    objective_known,
    section_known,
    answers_distinct,
    reasons_given,
    wording,
    figures_from_rows,
    years_plain,
    fit_for_its_kind,
    order_fixed_where_it_must,
    stem_short,
)
BANK_RULES: tuple[Callable[[Bank, list[Item]], Found], ...] = (
    key_not_longest,
    key_not_alone_hedged,
    key_not_in_one_place,
    several_not_guessed,
    objectives_covered,
    stems_differ,
    cases_whole,
    key_not_told_by_style,
    warm_up_known,
)


def _is_longest(options: tuple[Option, ...]) -> bool:
    key = max(len(option.text) for option in options if option.right)
    return key > max(len(option.text) for option in options if not option.right)


def _explained(raw: Any, path: Parts = ()) -> Iterator[tuple[Parts, dict[str, Any]]]:
    """Every part of an item that has feedback, with its path."""
    for name, part in raw.items() if isinstance(raw, dict) else enumerate(raw):
        if isinstance(part, dict) and "feedback" in part:
            yield (*path, name), part
        elif isinstance(part, (dict, list)):
            yield from _explained(part, (*path, name))


def _one(path: Parts) -> str:
    """options, 2 -> option 3"""
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    return f"{name.removesuffix('s')}{f' {path[-1] + 1}' if isinstance(path[-1], int) else ''}"


def _truths_mixed() -> Iterator[str]:
    """True and false are the answer about equally often."""
    found = [item for one in banks() for item in one.items if kind_of(item) is KINDS["truth"]]
    for side in (True, False):
        some = [item.id for item in found if item.raw["truth"]["right"] is side]
        if len(found) >= 4 and len(some) > MOST_OF_ONE_TRUTH * len(found):
            where = ", ".join(some)
            yield f"{str(side).lower()} is the answer in {len(some)} of {len(found)} ({where}). Turn one round."


def _forms_parallel() -> Iterator[str]:
    """The nth questions of the two forms ask for the same, in the same way, at about the same length."""
    forms = [one for one in banks() if one.form]
    if not forms:
        return
    if [one.form for one in forms] != ["A", "B"]:
        yield "there is one form without the other. Add it."
        return
    known = {item.stem.lower(): item.id for one in chapters() for item in one.items}
    for one in forms:
        hard = [item for item in one.items if item.raw.get("hard")]
        if len(hard) < FEWEST_HARD or any(item.level != "deeper" for item in hard):
            yield f"form {one.form} has {len(hard)} hard deeper questions, fewer than {FEWEST_HARD}. Add some."
    for first, second in zip(*(one.items for one in forms), strict=True):
        pair = f"{first.id} and {second.id}"
        # Of the hard ones two may ask for one skill in two chapters.
        for name in ("level", "kind", "bloom") if first.raw.get("hard") else ("objective", "level", "kind", "bloom"):
            if getattr(first, name) != getattr(second, name):
                yield f"{pair} differ in {name}. Make them alike."
        if _shape(first) != _shape(second):
            yield f"{pair} offer other numbers of answers: {_shape(first)} and {_shape(second)}. Make them alike."
        lengths = sorted(len(" ".join([item.stem, item.passage, *_all_texts(item)])) for item in (first, second))
        if lengths[1] > LONGER * lengths[0]:
            yield f"{pair} differ in length: {lengths[0]} and {lengths[1]} letters. Shorten one."
        if not str(second.raw.get("parallel", "")).strip():
            yield f"{second.id} does not say in what it is like {first.id}. Add `parallel`."
        for item in (first, second):
            if item.stem.lower() in known:
                yield f"{item.id} asks what {known[item.stem.lower()]} asks. Change it."


def _shape(item: Item) -> tuple[int, ...]:
    return (len(item.options), *(len(slot.options) for slot in item.slots))


def _all_texts(item: Item) -> list[str]:
    return [text for _, texts in kind_of(item).sets(item) for text in texts]


def _tidy(figure: str) -> str:
    return re.sub(r"\s+", "", figure).replace("μ", "µ")


def _headings(slug: str, bank: Bank | None = None) -> list[str]:
    """Anchors of the notebook's headings, as JupyterLab makes them; without it, what the bank lists."""
    try:
        found = chapter(slug)
    except ValueError:
        found = None
    return list(found.headings) if found and not found.trouble else list(bank.sections) if bank else []
