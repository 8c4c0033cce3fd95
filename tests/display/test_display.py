"""Displays: pictures that are the same every time, moves that send only what changed, safe markup."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from course import charts, explorers, quiz
from course.display import (
    Area,
    Axes,
    Chart,
    ChartView,
    Control,
    Dots,
    Drawing,
    Explorer,
    Guess,
    Label,
    Line,
    Pick,
    Picture,
    PredictionView,
    Span,
    Table,
    render,
    spread,
)
from course.display.chart_view import split_caveat
from course.display.frame import draw_frame
from course.display.palette import palette
from course.record import Log

AXES = Axes("x", (0.1, 1000), {1: "1", 100: "100"}, "y", (0, 100), [0, 50, 100], x_scale="log")


def chart(level: float = 10, text: str = "a label") -> Chart:
    x = np.geomspace(0.1, 1000, 50)
    return Chart(
        "made",
        "A made chart",
        AXES,
        [
            Area("area", "blue", x, 10 * x / (x + 5), 90 * x / (x + 5)),
            Line("line", "blue", x, 100 * x / (x + 5), "dashed"),
            Span("span", "ink", level, 0, level, 100),
            Dots("dots", "orange", [level], [50], labels=[text]),
            Label("label", "orange", level, 50, text),
        ],
        f"At {level}.",
        Table("Numbers", ("level",), [(str(level),)]),
        ["hirota1999"],
    )


def draw_made(level: float) -> Chart:
    return chart(level)


made = Explorer(
    "made", "Made", draw_made, [Control("level", "Level", {1.0: "one", 10.0: "ten", 100.0: "hundred"}, 10.0)]
)


def test_a_picture_is_the_same_text_every_time():
    one, other = (Picture(640, 360).parts(chart()) for _ in range(2))
    assert one == other
    assert list(one) == ["frame", "mark:area", "mark:line", "mark:span", "mark:dots", "mark:label"]


def test_a_picture_has_no_ids_styles_or_long_numbers():
    svg = "".join(Picture(640, 360).parts(chart()).values())
    assert " id=" not in svg and "style" not in svg
    assert not re.search(r"\d\.\d{3}", svg)


def test_colours_follow_the_theme():
    svg = "".join(Picture(640, 360).parts(chart()).values())
    used = set(re.findall(r"var\(--c-(\w+),#", svg))
    assert {"blue", "orange", "ink", "muted", "line"} <= used <= set(palette())
    assert not re.findall(r'(?:fill|stroke)="#', svg), "a color outside the palette would not follow"


def test_marks_stand_where_their_data_say():
    """On the log axis, ten lies half way between 0.1 and 1000, and 50 half way up."""
    parts = Picture(640, 360).parts(chart(level=10))
    x, y = map(float, re.search(r'<text x="([\d.]+)" y="([\d.]+)"', parts["mark:label"]).groups())
    assert x == pytest.approx(AXES.left + (640 - AXES.left - AXES.right) / 2, abs=0.2)
    assert y == pytest.approx(AXES.top + (360 - AXES.top - AXES.bottom) / 2 + 0.36 * 15, abs=0.2)


@pytest.mark.parametrize("x_scale, y_scale", [("linear", "linear"), ("log", "linear"), ("log", "log")])
def test_places_are_matplotlib_s(x_scale, y_scale):
    from matplotlib.figure import Figure

    axes = dataclasses.replace(AXES, x_scale=x_scale, y_scale=y_scale, y_limits=(0.5, 100))
    points = np.array([[0.1, 0.5], [3, 7.5], [1000, 100], [20, 300]])
    _, to_pixels = draw_frame(axes, 640, 360)
    ax = Figure(figsize=(640 / 72, 360 / 72), dpi=72).add_axes(
        ((AXES.left) / 640, AXES.bottom / 360, (640 - AXES.left - AXES.right) / 640, (360 - 34 - AXES.bottom) / 360)
    )
    ax.set(xscale=x_scale, yscale=y_scale, xlim=axes.x_limits, ylim=axes.y_limits)
    assert to_pixels(points) == pytest.approx(ax.transData.transform(points), abs=1e-6)
    assert to_pixels(np.array([[0.0, 1.0]]))[0, 0] < (0 if x_scale == "log" else 640)


def test_only_what_changed_is_drawn_again():
    picture = Picture(640, 360)
    before, after = picture.parts(chart(10)), picture.parts(chart(100))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"mark:span", "mark:dots", "mark:label"}
    assert all(before[name] is after[name] for name in set(before) - changed)


def test_a_move_sends_only_what_changed():
    view = made()
    sent = []
    view.send = sent.append
    view._receive(view, {"turn": "1", "positions": {"level": 2}}, [])
    assert set(sent[0]["parts"]) == {"mark:span", "mark:dots", "mark:label", "description", "table"}
    assert view.state == {"level": 100.0}
    view._receive(view, {"turn": "2", "positions": {"level": 2}}, [])
    assert sent[1]["parts"] == {}
    view._receive(view, {"turn": "3", "ask": "all"}, [])
    assert {"frame", "title", "mark:line"} <= set(sent[2]["parts"])


@pytest.mark.parametrize(
    "positions", [{}, {"level": 3}, {"level": -1}, {"level": "1"}, {"level": None}, {"level": 1.0}]
)
def test_a_move_to_nowhere_is_answered_not_raised(positions):
    view = made()
    sent = []
    view.send = sent.append
    view._receive(view, {"turn": "1", "positions": positions}, [])
    assert "no such setting" in sent[0]["trouble"]
    assert view.state == {"level": 10.0}


def test_frames_hold_every_offline_state_and_differ_only_where_python_does():
    view = made()
    spec = view.offline_spec()["script"]
    assert set(spec["frames"]) == {"0", "1", "2"}
    assert spec["frames"]["1"] == [], "the state in which it starts"
    for key, level in (("0", 1.0), ("2", 100.0)):
        frame = spec["frames"][key]
        got = {spec["names"][frame[i]]: spec["pool"][frame[i + 1]] for i in range(0, len(frame), 2)}
        fresh = view._parts({"level": level})
        first = view._parts({"level": 10.0})
        assert got == {name: fresh[name] for name in fresh if fresh[name] != first[name]}


def test_marks_that_come_and_go_are_refused():
    def flickering(level: float) -> Chart:
        whole = chart(level)
        return whole if level < 50 else dataclasses.replace(whole, marks=whole.marks[:-1])

    view = Explorer("flickering", "Flickering", flickering, made.controls)()
    with pytest.raises(ValueError, match="mark:label"):
        view.offline_spec()


def test_a_handout_that_offers_fewer_keeps_what_depends_on_them():
    """The page counts the lists of a dependent control by the positions that it offers of the other one."""

    def draw(drug: str, level: float) -> Chart:
        return chart(level)

    controls = [
        Control("drug", "Drug", {"a": "A", "b": "B", "c": "C"}, "c", offline=["c", "a"]),
        Control(
            "level",
            "Level",
            {"a": {1.0: "one"}, "b": {2.0: "two"}, "c": {3.0: "three"}},
            {"a": 1.0, "b": 2.0, "c": 3.0},
            by="drug",
        ),
    ]
    spec = Explorer("fewer", "Fewer", draw, controls, main="level")().offline_spec()
    assert [control["texts"] for control in spec["controls"]] == [[["A", "C"]], [["one"], ["three"]]]


def test_a_second_view_is_kept_and_takes_over_what_it_does_not_name():
    view = explorers.occupancy(level_ng_per_ml=1800.0, compare={"level_ng_per_ml": 185.0})
    assert view.kept == {**view.state, "level_ng_per_ml": 185.0}
    other = explorers.occupancy(level_ng_per_ml=1800.0, compare={"drug_name": "morphine"})
    assert other.kept["drug_name"] == "morphine" and other.kept["level_ng_per_ml"] != 1800.0
    stored = other._repr_mimebundle_()["text/html"]
    assert stored.count("<figure") == 2 and "Kept for comparison" in stored
    assert other.spec["kept"]["chart"]["title"] in stored and other.spec["chart"]["title"] in stored
    assert "Kept for comparison" not in explorers.occupancy()._repr_mimebundle_()["text/html"]


def test_the_handout_offers_the_states_a_notebook_chose():
    chosen = float(explorers.occupancy.controls[1].choices("ketamine").__iter__().__next__())
    view = explorers.occupancy(compare={"level_ng_per_ml": chosen})
    few = Explorer("few", "Few", draw_made, [dataclasses.replace(made.controls[0], offline=[10.0])])
    assert [state["level"] for _, state in few(level=1.0, compare={"level": 100.0}).explorer.states(offline=True)] == [
        1.0,
        10.0,
        100.0,
    ]
    assert view._positions(view.kept, True)["level_ng_per_ml"] == 0


def test_limits_are_said_once_in_one_line_and_the_rest_is_folded():
    spec = explorers.occupancy().spec
    markup = render(spec, "live", "uid")
    assert markup.count("It predicts nothing about a person.") == 1
    assert all(markup.count(sentence[:40]) == 1 for sentence in spec["leaves_out"].values())
    folded = markup.index('<details class="leaves-out">')
    assert markup.index("It predicts nothing") < folded < markup.index(next(iter(spec["leaves_out"].values()))[:40])
    recorded = dataclasses.replace(made, simulates=False, leaves_out={"the law of states": "Only federal law."})
    markup = render(recorded().spec, "live", "uid")
    assert "Only federal law." in markup and "predicts nothing" not in markup


def test_a_caveat_is_one_line_and_what_follows_is_kept():
    assert split_caveat("Measured once. Not a dose. No.") == ("Measured once.", "Not a dose. No.")
    assert split_caveat("Call. Give it.\nThen more. And more.") == ("Call. Give it.", "Then more. And more.")
    assert split_caveat("From 2.5 to 3.1 e.g. here") == ("From 2.5 to 3.1 e.g. here", "")
    assert split_caveat("") == ("", "")


def test_every_explorer_has_one_handle_under_its_picture_and_folds_the_rest():
    for name in explorers.__all__:
        explorer = getattr(explorers, name)
        if not isinstance(explorer, Explorer):
            continue
        markup = render(explorer().spec, "offline", "uid")
        order = [markup.index(piece) for piece in ('data-part="title"', "<svg", f'data-control="{explorer.main}"')]
        assert order == sorted(order), name
        assert markup.count('class="control handle"') == 1, name
        folded = markup.find('<details class="more-settings">')
        for control in explorer.controls:
            at = markup.index(f'data-control="{control.name}"')
            assert (at < folded or folded < 0) if control.name == explorer.main else at > folded > 0, (
                name,
                control.name,
            )


def test_an_explorer_of_several_controls_says_which_is_the_handle():
    two = [*made.controls, Control("other", "Other", {1: "one"}, 1)]

    def draw(level: float, other: int) -> Chart:
        return chart(level)

    with pytest.raises(ValueError, match=r"main='' must name the control .*, one of level, other"):
        Explorer("two", "Two", draw, two)
    with pytest.raises(ValueError, match="main='levle'"):
        Explorer("two", "Two", draw, two, main="levle")
    assert Explorer("two", "Two", draw, two, main="other").main == "other" and made.main == "level"


def test_views_asked_for_ahead_are_the_ones_that_a_move_would_give():
    view, sent = made(), []
    view.send = sent.append
    view._receive(
        view, {"turn": "1", "request": {"do": "ahead", "stops": [{"level": 0}, {"level": 1}, {"level": 2}]}}, []
    )
    (reply,) = sent
    assert view.state == {"level": 10.0}, "asking ahead moves nothing"
    assert reply["frames"][1] == [], "where it stands"
    for frame, level in zip(reply["frames"], (1.0, 10.0, 100.0), strict=True):
        pieces = {reply["names"][i]: reply["pool"][number] for i, number in zip(frame[::2], frame[1::2], strict=True)}
        assert view._sent | pieces == view._parts({"level": level})


@pytest.mark.parametrize(
    "stops", [None, [{"level": 9}], [{"level": "1"}], ["level"], [{}], [{"level": 1}] * 9], ids=str
)
def test_a_request_for_views_that_are_not_there_or_too_many_is_refused(stops):
    view, sent = made(), []
    view.send = sent.append
    view._receive(view, {"turn": "1", "request": {"do": "ahead", "stops": stops}}, [])
    assert set(sent[0]) == {"turn", "trouble"} and "fault" not in sent[0]["trouble"]


def test_a_thing_to_pick_is_asked_and_its_answer_must_be_an_option():
    options = {"a": "First", "b": "Second"}
    view = PredictionView("picked", "Which?", [Pick("which", "The one", options, "b")], "Because.", [])
    assert view.spec["script"]["guesses"][0]["right"] == 1
    assert render(view.spec, "offline", "uid").count('type="radio"') == 2
    assert "Second" in view._repr_mimebundle_()["text/html"]
    with pytest.raises(ValueError, match="'c'"):
        Pick("which", "The one", options, "c")
    with pytest.raises(ValueError, match="outside"):
        Guess("level", "Level", "%", 20, 120, "20 to 120 %")


def test_a_label_of_two_lines_and_every_marker():
    for marker in "oDs^x":
        marks = [Dots("dots", "blue", [10], [50], marker), Label("label", "blue", 10, 50, "one\ntwo")]
        parts = Picture(640, 360).parts(dataclasses.replace(chart(), marks=marks))
        assert parts["mark:label"].count("<tspan") == 1 and "d=" in parts["mark:dots"]


def test_a_drawing_needs_no_axes():
    drawn = dataclasses.replace(chart(), axes=None, marks=[Drawing("one", "ink", '<path d="M0 0L9 9"/>')])
    assert Picture(640, 360).parts(drawn) == {"frame": "", "mark:one": '<path d="M0 0L9 9"/>'}


def test_every_registered_name_is_there_and_a_mistyped_one_is_mended():
    for room in (charts, explorers):
        assert all(callable(getattr(room, name)) for name in room.__all__)
        with pytest.raises(AttributeError, match="Did you mean"):
            getattr(room, room.__all__[0] + "x")


@pytest.mark.parametrize(
    "mistake, word",
    [
        (lambda: made(level=11.0), "10.0"),
        (lambda: made(levle=10.0), "'level'"),
        (lambda: explorers.occupancy(drug_name="ketamin"), "'ketamine'"),
        (lambda: charts.affinity_ladder(drugs=["morphin"]), "'morphine'"),
        (lambda: charts.occupancy_curves("hydroxynorketamine"), "ketamine"),
        (lambda: charts.selectivity("ketamine", ["CC99"]), "CC01"),
        (lambda: Explorer("wrong", "Wrong", draw_made, []), "draw_made"),
        (lambda: Explorer("wrong", "Wrong", draw_made, made.controls, presets={"off": {"level": 7.0}}), "level"),
    ],
)
def test_a_learner_s_slip_gets_the_nearest_name(mistake, word):
    with pytest.raises(ValueError, match=re.escape(word)):
        mistake()


HOSTILE = '<script>alert(1)</script>"onload="x" & \u202e'


def test_hostile_text_is_shown_as_text():
    view = ChartView(
        Chart(**{**vars(chart(text=HOSTILE)), "title": HOSTILE, "description": HOSTILE, "caveat": HOSTILE})
    )
    for form in ("live", "offline", "stored"):
        markup = render(view.spec, form, "uid")
        assert "<script>" not in markup and 'onload="' not in markup.replace("&#34;", "")
        assert "&lt;script&gt;" in markup


def test_stored_markup_needs_no_script_style_or_control():
    for view in (charts.affinity_ladder(), explorers.occupancy(), explorers.predict_occupancy(), made()):
        bundle = view._repr_mimebundle_()
        assert bundle["text/plain"] == repr(view) and "0x" not in repr(view)
        for tag in ("<svg", "<script", "<style", "<input", "<button", "<select", " id=", "on the kernel"):
            assert tag not in bundle["text/html"]


def test_each_view_has_ids_of_its_own():
    markup = [render(explorers.occupancy().spec, "offline", uid) for uid in ("one", "two")]
    ids = [set(re.findall(r' id="([^"]+)"', text)) for text in markup]
    names = [set(re.findall(r' name="([^"]+)"', text)) for text in markup]
    assert ids[0] and not ids[0] & ids[1] and not names[0] & names[1]


def test_every_description_names_a_number_and_every_chart_a_source():
    for view in (charts.affinity_ladder(), charts.occupancy_curves(), charts.selectivity(), charts.mu_by_drug()):
        spec = view.spec["chart"]
        assert re.search(r"\d", spec["description"]) and len(spec["description"]) > 80
        assert spec["sources"] and spec["table"]["rows"]
        assert all(len(row) == len(spec["table"]["columns"]) for row in spec["table"]["rows"])


@pytest.mark.parametrize("values", [[1, 2], [50, 50, 50], [0, 100], [], [99, 98, 97]])
def test_labels_are_spread(values):
    placed = spread(values, 9, 3, 97)
    ordered = sorted(placed)
    assert all(b - a >= 9 - 1e-9 for a, b in zip(ordered, ordered[1:], strict=False))
    assert all(3 <= place <= 97 for place in placed)
    assert sorted(range(len(values)), key=lambda i: values[i]) == sorted(range(len(values)), key=lambda i: placed[i])


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "muted", "blue", "orange", "green", "purple", "accent", "right", "wrong"])
def test_the_palette_can_be_read(scheme, name):
    for ground in ("paper", "raised"):
        bright, dark = sorted((luminance(palette()[name][scheme]), luminance(palette()[ground][scheme])), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_an_answer_is_on_the_disk_before_the_page_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    sent = []
    view = quiz.show("Q0301", "Q0302")
    view.send = sent.append
    view._receive(view, {"keep": "Q0302", "value": {"answer": 1, "tries": 1}, "turn": "t"}, [])
    (event,) = Log(tmp_path / "learner.sqlite3").events()
    assert (event.kind, event.subject, event.value["answer"], event.value["try"]) == ("answer", "Q0302", 1, 1)
    assert sent == [{"turn": "t", "kept": event.at, "trouble": ""}]
    again = quiz.show("Q0302")
    assert again.answers["Q0302"]["value"] == event.value
    assert "verdict" not in again._repr_mimebundle_()["text/html"], "no stored output depends on the log"
    view._receive(view, {"keep": "Q0399", "value": 1}, [])
    view._receive(view, {"positions": {}}, [])
    assert len(Log(tmp_path / "learner.sqlite3").events()) == 1, "what is not a question of this display is not kept"
    assert [reply["trouble"].split(".")[0] for reply in sent[1:]] == [
        "This answer is to nothing that stands here",
        "The page sent something that the course does not know",
    ]


@pytest.mark.parametrize("name", [name for name in explorers.__all__ if isinstance(getattr(explorers, name), Explorer)])
def test_an_explorer_cites_the_sources_of_all_its_states(name):
    """So that the chapter's reference list holds whatever the reader may come upon."""
    explorer = getattr(explorers, name)
    states = [state for _, state in explorer.states(offline=True)]
    shown = {key for state in states for key in explorer.draw(**state).sources if key}
    assert shown <= set(explorer().spec["cites"])


def test_a_drug_that_is_added_to_the_tables_is_added_to_the_charts(monkeypatch):
    """A made-up drug, with a value at mu, a level and an unbound share of its own."""
    from course.evidence.records import Affinity, Concentration, Drug, UnboundFraction
    from course.topics.binding import rows as binding_data

    real = binding_data.table

    def with_one_more(record):
        rows = real(record)
        if record not in (Drug, Affinity, Concentration, UnboundFraction):
            return rows
        copies = [
            dataclasses.replace(found, id=f"{found.id}9", drug="madeup") for found in rows if found.drug == "tramadol"
        ]
        named = [dataclasses.replace(found, name="Made-up") if record is Drug else found for found in copies]
        return (*rows, *named)

    caches = [found for found in vars(binding_data).values() if hasattr(found, "cache_clear")]
    monkeypatch.setattr(binding_data, "table", with_one_more)
    try:
        for cached in caches:
            cached.cache_clear()
        for view in (charts.affinity_ladder(["all"]), charts.mu_by_drug()):
            assert "Made-up" in str(view.spec["chart"]["table"]) and "Made-up" in view.spec["chart"]["parts"]["frame"]
    finally:
        monkeypatch.undo()
        for cached in caches:
            cached.cache_clear()
    assert "Made-up" not in str(charts.mu_by_drug().spec)


def test_ketamine_and_its_s_form_stand_without_anesthesia_beside_treatments():
    rows = {cells[0]: cells[2] for cells in charts.mu_by_drug().chart.table.rows}
    assert rows["Ketamine"].endswith("185\u00a0ng/mL") and rows["Esketamine"].endswith("159\u00a0ng/mL")
