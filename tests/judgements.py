"""Answers and the judgment that each must get: one table for grading.py and for quiz.js.

Each case: (item, answer, first try, verdict, start of what is said, texts of feedback). The items are
made up, so that the table does not change with the bank.
"""

from __future__ import annotations

from course.quiz.items import Item, Number, Option, Slot, Trap


def _item(kind: str, **parts) -> Item:
    empty = dict(
        id=f"Q99{len(parts):02}",
        objective="O9.1",
        level="core",
        bloom="apply",
        kind=kind,
        stem="?",
        section="Here",
        facts=(),
        why="Because it is so.",
        options=(),
        slots=(),
        passage="",
        ends=(),
        answer=None,
        traps=(),
        hints=(),
        case=None,
        rows=(),
        sources=(),
        file="",
        line=1,
        raw={},
    )
    return Item(**{**empty, **parts})


SINGLE = _item("single", options=(Option("a", False, "No, a <b>&amp;</b>.", "m"), Option("b", True, "Yes, *b*.")))
SEVERAL = _item(
    "several",
    options=(
        Option("a", True, "Yes, a."),
        Option("b", False, "No, b.", "m"),
        Option("c", True, "Yes, c."),
        Option("d", False, "No, d.", "m"),
    ),
)
MICRO = _item(
    "number",
    answer=Number(0.412, "µM", 0.412 * 0.03, "3 %"),
    traps=(
        Trap(0.778, 0.778 * 0.03, "That is the total.", "m"),
        Trap(0.76, 0.76 * 0.03, "That is another slip.", "m"),
    ),
)
SHARE = _item("number", answer=Number(77.6, "%", 1, "1"), traps=(Trap(22.4, 1, "That is the empty share.", "m"),))
LEVEL = _item("number", answer=Number(2078, "ng/mL", 2078 * 0.03, "3 %"))
FOLD = _item("number", answer=Number(41700, "", 417, "1 %"))
TRUTH = _item(
    "truth",
    slots=(
        Slot("This sentence is", (Option("True", False, "It is false.", "m0"), Option("False", True, "It is false."))),
        Slot(
            "Because",
            (Option("a", True, "Yes, a."), Option("b", False, "No, b.", "m1"), Option("c", False, "No, c.", "m2")),
        ),
    ),
)
MATCHING = _item(
    "matching",
    slots=tuple(
        Slot(
            name,
            tuple(
                Option(choice, choice == right, f"{name} is {right}.", "" if choice == right else f"m{name}")
                for choice in "xyz"
            ),
        )
        for name, right in (("p", "y"), ("q", "x"), ("r", "x"))
    ),
)
CLOZE = _item(
    "cloze",
    passage="It [1] the [2].",
    slots=(
        Slot("Gap 1", (Option("blocks", True, "Yes, blocks."), Option("opens", False, "No, *opens*.", "m"))),
        Slot("Gap 2", (Option("gate", False, "No, gate.", "m"), Option("channel", True, "Yes, channel."))),
    ),
)
ORDERING = _item(
    "ordering",
    ends=("first", "last"),
    options=tuple(Option(name, True, f"{name} comes here.", f"m{name}") for name in ("one", "two", "three", "four")),
)

ITEMS = {"SINGLE": SINGLE, "SEVERAL": SEVERAL, "MICRO": MICRO, "SHARE": SHARE, "LEVEL": LEVEL, "FOLD": FOLD}
ITEMS |= {"TRUTH": TRUTH, "MATCHING": MATCHING, "CLOZE": CLOZE, "ORDERING": ORDERING}

R, W, P, A = "right", "wrong", "partly", "ask"
CASES = [
    ("SINGLE", None, True, A, "Choose an answer", ()),
    ("SINGLE", 0, True, W, "Not yet.", ("No, a <b>&amp;</b>.",)),
    ("SINGLE", 1, True, R, "Right.", ("Yes, *b*.",)),
    ("SINGLE", 1, False, R, "Right.", ("Yes, *b*.",)),
    ("SEVERAL", [], True, A, "Choose at least one", ()),
    ("SEVERAL", [0, 2], True, R, "Right.", ("Yes, a.", "Yes, c.")),
    ("SEVERAL", [2, 0], False, R, "Right.", ("Yes, a.", "Yes, c.")),
    ("SEVERAL", [0], True, P, "Partly. 1 that fits is still missing.", ("“c” fits too. Yes, c.",)),
    (
        "SEVERAL",
        [0, 1],
        True,
        W,
        "Not yet. 1 of your choices does not fit. 1 that fits is still missing.",
        ("“b” does not fit. No, b.",),
    ),
    (
        "SEVERAL",
        [0, 1],
        False,
        W,
        "Not yet. 1 of your choices does not fit.",
        ("“b” does not fit. No, b.", "“c” fits too. Yes, c."),
    ),
    (
        "SEVERAL",
        [1, 3],
        True,
        W,
        "Not yet. 2 of your choices do not fit. 2 that fit are still missing.",
        ("“b” does not fit. No, b.",),
    ),
    (
        "SEVERAL",
        [3, 1],
        False,
        W,
        "Not yet. 2 of your choices do not fit. 2 that fit are still missing.",
        (
            "“b” does not fit. No, b.",
            "“d” does not fit. No, d.",
            "“a” fits too. Yes, a.",
            "“c” fits too. Yes, c.",
        ),
    ),
    (
        "SEVERAL",
        [0, 1, 2, 3],
        False,
        W,
        "Not yet. 2 of your choices do not fit.",
        ("“b” does not fit. No, b.", "“d” does not fit. No, d."),
    ),
    # true or false, with a reason
    ("TRUTH", None, True, A, "Choose true or false, and a reason.", ()),
    ("TRUTH", [None, 0], True, A, "Choose true or false, and a reason.", ()),
    ("TRUTH", [1, None], True, A, "Choose true or false, and a reason.", ()),
    ("TRUTH", [1, 0], True, R, "Right.", ("Yes, a.",)),
    ("TRUTH", [1, 2], True, P, "Partly. False is right; the reason is another.", ("No, c.",)),
    ("TRUTH", [0, 0], True, W, "Not yet.", ("It is false.",)),
    ("TRUTH", [0, 1], False, W, "Not yet.", ("It is false.", "No, b.")),
    # lines to match: at the first try what belongs where for the first that is off, then for all
    ("MATCHING", [1, None, 0], True, A, "Choose an answer for every line first.", ()),
    ("MATCHING", [1, 0, 0], True, R, "Right.", ()),
    ("MATCHING", [1, 1, 2], True, W, "Not yet. 1 of 3 fits.", ("q: q is x.",)),
    ("MATCHING", [1, 1, 2], False, W, "Not yet. 1 of 3 fits.", ("q: q is x.", "r: r is x.")),
    ("MATCHING", [1, 0, 2], False, P, "Partly. 2 of 3 fit.", ("r: r is x.",)),
    ("MATCHING", [0, 1, 2], False, W, "Not yet. 0 of 3 fit.", ("p: p is y.", "q: q is x.", "r: r is x.")),
    # gaps
    ("CLOZE", [None, None], True, A, "Fill every gap first.", ()),
    ("CLOZE", [0, 1], True, R, "Right.", ()),
    ("CLOZE", [1, 1], True, P, "Partly. 1 of 2 fits.", ("Gap 1: No, *opens*.",)),
    ("CLOZE", [1, 0], True, W, "Not yet. 0 of 2 fit.", ("Gap 1: No, *opens*.", "Gap 2: No, gate.")),
    # steps into their order
    ("ORDERING", None, True, A, "Put the steps in order first.", ()),
    ("ORDERING", [0, 1, 2, 3], True, R, "Right.", ()),
    (
        "ORDERING",
        [0, 1, 3, 2],
        True,
        P,
        "Partly. In the right place: 2 of 4.",
        ("Place 3 belongs to “three”. three comes here.",),
    ),
    ("ORDERING", [0, 1, 3, 2], False, P, "Partly. In", ("Place 3 belongs to “three”. three comes here.",)),
    (
        "ORDERING",
        [3, 2, 1, 0],
        False,
        W,
        "Not yet. In the right place: 0 of 4.",
        ("Place 1 belongs to “one”. one comes here.",),
    ),
    (
        "ORDERING",
        [1, 2, 3, 0],
        True,
        W,
        "Not yet. In the right place: 0 of 4.",
        ("Place 1 belongs to “one”. one comes here.",),
    ),
    # numbers that are right, however they are written
    ("MICRO", "0.41 µM", True, R, "Right.", ()),
    ("MICRO", "0.41 \u03bcM", True, R, "Right.", ()),
    ("MICRO", "0.41uM", True, R, "Right.", ()),
    ("MICRO", ".41 µM", True, R, "Right.", ()),
    ("MICRO", "410 nM", True, R, "Right.", ()),
    ("MICRO", "  412\u00a0nM ", True, R, "Right.", ()),
    ("MICRO", "+412 nmol/L", True, R, "Right.", ()),
    ("MICRO", "４１２　ｎＭ", True, R, "Right.", ()),
    ("MICRO", "０．４１２\u3000µM", True, R, "Right.", ()),
    ("MICRO", "٠٫٤١٢ µM", True, R, "Right.", ()),
    ("MICRO", "۴۱۲ nM", True, R, "Right.", ()),
    ("MICRO", "٤١٢٬٠٠٠ pM", True, R, "Right.", ()),
    ("MICRO", "½ µM", True, A, "Start with a number in digits, for example “1.5 µM”.", ()),
    (
        "MICRO",
        "412,000 pM",
        True,
        A,
        "“412,000” can be read in two ways. Write 412000 or 412.000, without a comma.",
        (),
    ),
    ("MICRO", "412 000 pM", True, R, "Right.", ()),
    ("MICRO", "412\u202f000 pM", True, R, "Right.", ()),
    ("MICRO", "4.1e-7 M", True, R, "Right.", ()),
    ("MICRO", "0.000412 mM", True, R, "Right.", ()),
    ("SHARE", "77.6 %", True, R, "Right.", ()),
    ("SHARE", "78%", True, R, "Right.", ()),
    ("SHARE", "78.6 %", True, R, "Right.", ()),
    ("SHARE", "76.6 percent", True, R, "Right.", ()),
    ("LEVEL", "2,078 ng/mL", True, A, "“2,078” can be read in two ways. Write 2078 or 2.078, without a comma.", ()),
    ("LEVEL", "2.1 µg/mL", True, R, "Right.", ()),
    ("LEVEL", "2.1 mg/L", True, R, "Right.", ()),
    ("FOLD", "41,700", True, A, "“41,700” can be read in two ways. Write 41700 or 41.700, without a comma.", ()),
    ("FOLD", "41700.", True, R, "Right.", ()),
    ("FOLD", "4.17e4", True, R, "Right.", ()),
    # wrong, and why
    ("MICRO", "0.78 µM", True, W, "Not yet.", ("That is the total.",)),
    ("MICRO", "762 nM", True, W, "Not yet.", ("That is another slip.",)),
    ("MICRO", "0.412 nM", True, W, "Not yet. The digits fit, but the unit does not", ()),
    ("MICRO", "412 µM", True, W, "Not yet. The digits fit, but the unit does not", ()),
    ("MICRO", "412 M", True, W, "Not yet. Your number is too high.", ()),
    ("MICRO", "0.3 µM", True, W, "Not yet. Your number is too low.", ()),
    ("MICRO", "-412 nM", True, W, "Not yet. Your number is too low.", ()),
    ("MICRO", "\u2212412 nM", True, W, "Not yet. Your number is too low.", ()),
    ("MICRO", "0 nM", True, W, "Not yet. Your number is too low.", ()),
    ("SHARE", "78.7 %", True, W, "Not yet. Your number is too high.", ()),
    ("SHARE", "0.776 %", True, W, "Not yet. The digits fit, but the decimal point does not", ()),
    ("SHARE", "22.4 %", True, W, "Not yet.", ("That is the empty share.",)),
    ("LEVEL", "2.078 ng/mL", True, W, "Not yet. The digits fit, but the unit does not", ()),
    ("FOLD", "41.7", True, W, "Not yet. Your number is too low.", ()),
    # nothing to judge yet
    ("MICRO", "", True, A, "Write your answer first", ()),
    ("MICRO", "   ", True, A, "Write your answer first", ()),
    ("MICRO", "0.41", True, A, "Add the unit", ()),
    ("MICRO", "410 nm", True, A, "Capital letters matter in units. Did you mean nM?", ()),
    ("MICRO", "410 ng/mL", True, A, "“ng/mL” does not fit here.", ()),
    ("MICRO", "41 %", True, A, "“%” does not fit here.", ()),
    ("MICRO", "4,1200 nM", True, W, "Not yet. Your number is too low.", ()),
    ("MICRO", "1.2.3 nM", True, A, "“1.2.3” cannot be read as one number.", ()),
    ("MICRO", "41 2 nM", True, A, "“41 2” cannot be read", ()),
    ("MICRO", "400 - 420 nM", True, A, "Write one number only, for example “1.5 µM”.", ()),
    ("MICRO", "about 410 nM", True, R, "Right.", ()),
    ("MICRO", "nM", True, A, "Start with a number", ()),
    ("MICRO", "NaN nM", True, A, "Start with a number", ()),
    ("MICRO", "Infinity", True, A, "Start with a number", ()),
    ("MICRO", "1e999 nM", True, A, "“1e999” is too large", ()),
    ("MICRO", "ⅻ nM", True, A, "Start with a number in digits, for example “1.5 µM”.", ()),
    ("MICRO", "0.41 <b>µM</b>", True, A, "“<b>µM</b>” does not fit here.", ()),
    ("MICRO", "0.41 __proto__", True, A, "“__proto__” does not fit here.", ()),
    ("MICRO", "1" * 61, True, A, "That is too long.", ()),
    ("SHARE", "0.776", True, A, "Add the unit, for example “1.5 %”.", ()),
    ("SHARE", "77.6 nM", True, A, "“nM” does not fit here.", ()),
    ("FOLD", "41,700 times", True, A, "“41,700” can be read in two ways.", ()),
    ("FOLD", "", True, A, "Write your answer first, for example “1.5”.", ()),
]

# Written as people write: each is understood in its one reading, or asked about; none is wrong for its looks.
UNDERSTOOD = {
    "MICRO": [
        *("0,412 µM", "0,41 µM", ",412 µM", "+0,412 µM", "0,412\u00a0µM", "0,412e0 µM", "00,412 µM", "0.412\u200bµM"),
        *("412 000,5 pM", "412'000 pM", "412’000 pM", "4,12 x 10^-7 M", "4.12×10⁻⁷ M", "4.12 * 10**-7 M", "4.12E-7 M"),
        *("~412 nM", "≈ 0.412 µM", "= 0.412 µM", "approx. 412 nM", "ca. 412 nM", "About 412 nM", "it’s about 412 nM"),
        *("412 nanomolar", "412 Nanomolar", "0.412 µmol / L", "0.412 µmol/l", "412 nmol per L", "412 nmol L-1"),
        *("412 nmol·L⁻¹", "412 nM.", "412 nM!", "412 (nM)", "412 nM or so", "412, nM", "412 nM approximately"),
        *("412.000,0 pM", "412,000.0 pM"),
    ],
    "SHARE": [
        *(
            "77,6 %",
            "77.6percent",
            "77.6 Percent",
            "77.6 % of the sites",
            "77.6 % of sites",
            "about 78 %",
            "~78%",
            "78 % or so",
        ),
        *("77.6 per cent", "77,60 %", "probably 78 %", "7.76e1 %", "77.6\u2009%", "77.6\u202f%"),
    ],
    "LEVEL": [
        *(
            "2 078 ng/mL",
            "2\u2009078 ng/mL",
            "2\u202f078 ng/mL",
            "2'078 ng/ml",
            "2078 ng / mL",
            "2078 ng per mL",
            "2.1 mg/l",
        ),
        *("2,1 µg/mL", "2.078e3 ng/mL", "2,078.0 ng/mL", "2.078,0 ng/mL", "2.078 × 10³ ng/mL", "2078 ng mL-1"),
    ],
    "FOLD": [
        *("41 700", "41700 times", "41 700 times as much", "41700x", "41700 ×", "41700-fold", "41700 fold", "41.7e3"),
        *("41700 times as high as before", "about 41700", "~41700", "41700 people", "41700 People.", "41700 points"),
        *(
            "41700 percentage points",
            "41.7 × 10³",
            "41700 or so",
            "some 41700 people",
            "41700 times more",
            "41'700",
            "4,17e4",
        ),
    ],
}
ASKED = {
    "MICRO": [
        *(
            "412,000 pM",
            "1,234 nM",
            "-1,234 nM",
            "412",
            "0,412",
            "0,412 mg",
            "412 mn",
            "400 to 420 nM",
            "412 ± 5 nM",
            "< 412 nM",
        ),
        *(
            "more than 400 nM",
            "up to 412 nM",
            "0 412 nM",
            "0,412,000 pM",
            "4.12 × 10-7 M",
            "- 412 nM",
            "412 nM, 400 nM",
        ),
        *(
            "four hundred nM",
            "½ µM",
            "4½ nM",
            "1/2 µM",
            "412 thousand pM",
            "x 412 nM",
            "412 nM or 400",
            "4 12 nM",
            "#412 nM",
        ),
    ],
    "SHARE": [
        *(
            "0.776",
            "77.6",
            "77.6 points",
            "77.6 percentage points",
            "three quarters",
            "3/4",
            "77.6 people",
            "70-80 %",
            "77.6 ‰",
        ),
        *("half", "77.6 % 22.4 %", "one in two", "8 out of 10", "77.6 pct"),
    ],
    "LEVEL": ["2,078 ng/mL", "2078", "2078 ng", "2078 ng/dL", "2,078e0 ng/mL", "2078 mcg/mL", "2.078 NG/ML"],
    "FOLD": [
        *(
            "41,700",
            "41,700 people",
            "twice",
            "double",
            "forty",
            "8 thousand",
            "41.7k",
            "28.1 %",
            "28.1 % points",
            "4.9 L/min",
        ),
        *(
            "48 hours",
            "48 mg",
            "48 nM",
            "48 dozen",
            "1 in 48",
            "48 or 49",
            "48/49",
            "over 48",
            "at least 48",
            "48 %",
            "a lot",
        ),
        *("ten times", "48 per 1000", "4 8", "012 34", "1,23,4567,8", "48 people (12 of them women)", "$48", "№ 48"),
    ],
}
CASES += [(name, text, True, R, "Right.", ()) for name, texts in UNDERSTOOD.items() for text in texts]
CASES += [(name, text, True, A, "", ()) for name, texts in ASKED.items() for text in texts]

# Answers of a shape that no page of ours sends: refused, never judged, never a traceback to the learner.
MISSHAPEN = [
    ("SINGLE", 2),
    ("SINGLE", -1),
    ("SINGLE", True),
    ("SINGLE", "0"),
    ("SINGLE", [0]),
    ("SINGLE", 0.0),
    ("SEVERAL", [4]),
    ("SEVERAL", 1),
    ("SEVERAL", "01"),
    ("SEVERAL", [None]),
    ("SEVERAL", {"0": 1}),
    ("TRUTH", [1]),
    ("TRUTH", [1, 3]),
    ("TRUTH", [1, 0, 0]),
    ("MATCHING", [1, 0, "x"]),
    ("MATCHING", "yxx"),
    ("CLOZE", [[0], [1]]),
    ("ORDERING", [0, 1, 2]),
    ("ORDERING", [0, 0, 1, 2]),
    ("ORDERING", [0, 1, 2, 4]),
    ("MICRO", 0.41),
    ("MICRO", ["0.41 µM"]),
    ("MICRO", {}),
]
