"""Trial statistics against published values, scipy and long runs; then the table, the charts and the explorers."""

from __future__ import annotations

import gzip
import json
import math
from functools import cache

import numpy as np
import pytest
from course import charts, evidence, explorers
from course.display import Picture
from course.display.explorer import chart_parts
from course.models import trials as model
from course.topics.trials import explorer as small
from course.topics.trials import forest
from course.topics.trials import rows as trials_data
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from scipy import stats
from scipy.stats.contingency import odds_ratio

CHARTS = (
    "trial_forest",
    "opioid_system_trials",
    "interval_width",
    "response_by_control",
    "evidence_grid",
    "effect_times",
    "relapse_after_withdrawal",
    "one_dose_fades",
    "onset_curves",
)
people = st.integers(2, 5000)
spread_points = st.floats(0.1, 50)
shift = st.floats(-30, 30)


@st.composite
def counts(draw):
    n = draw(st.integers(1, 2000))
    return draw(st.integers(0, n)), n


# --- statistics


@pytest.mark.parametrize("df", [1, 1.5, 2, 3, 6, 11, 25.4, 71, 221, 1e4, 1e6])
@pytest.mark.parametrize("p", [0.001, 0.025, 0.2, 0.5, 0.51, 0.8, 0.975, 0.995, 0.9999])
def test_t_is_student_s(p, df):
    assert model.t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-6, abs=1e-9)
    assert model.t_cdf(stats.t.ppf(p, df), df) == pytest.approx(p, abs=1e-9)


def test_a_page_of_a_t_table():
    assert [round(model.t_quantile(0.975, df), 3) for df in (1, 6, 11, 25, 70)] == [12.706, 2.447, 2.201, 2.060, 1.994]


# Newcombe 1998 (Statist. Med. 17:857, table I), method 3: Wilson's interval.
@pytest.mark.parametrize(
    "events, n, low, high",
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_s_interval_as_newcombe_tabulates_it(events, n, low, high):
    found = model.wilson_interval(events, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


# Newcombe 1998 (Statist. Med. 17:873, table II), method 10.
@pytest.mark.parametrize(
    "a, m, b, n, low, high",
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 20, 0.6791, 1.0)],
)
def test_a_difference_of_shares_as_newcombe_tabulates_it(a, m, b, n, low, high):
    found = model.risk_difference(a, m, b, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_seven_of_twelve_is_a_wide_answer():
    """Williams 2018: 7 of 12 responded."""
    found = model.wilson_interval(7, 12)
    assert [round(100 * end) for end in found] == [58, 32, 81]


def test_the_odds_ratio_of_grunebaum_2018():
    """55 % and 30 % of 40 give the published 2.85 (1.14 to 7.15), which is why the table infers groups of 40."""
    found = model.odds_ratio(22, 40, 12, 40)
    assert [round(end, 2) for end in found] == [2.85, 1.14, 7.15]


def test_the_odds_ratio_of_abbar_2022():
    """46 of 73 and 25 of 79 give the published percentages and nearly the published 3.7 (1.9 to 7.3)."""
    found = model.odds_ratio(46, 73, 25, 79)
    assert [round(100 * share, 1) for share in (46 / 73, 25 / 79)] == [63.0, 31.6]
    assert (found.value, found.low, found.high) == pytest.approx((3.7, 1.9, 7.3), abs=0.12)


def welch(mean_1, sd_1, n_1, mean_2, sd_2, n_2) -> model.Estimate:
    """Difference of two means with Welch's interval, by scipy."""
    interval = stats.ttest_ind_from_stats(mean_1, sd_1, n_1, mean_2, sd_2, n_2, equal_var=False)
    squares = sd_1**2 / n_1, sd_2**2 / n_2
    df = sum(squares) ** 2 / (squares[0] ** 2 / (n_1 - 1) + squares[1] ** 2 / (n_2 - 1))
    value, half = mean_1 - mean_2, stats.t.ppf(0.975, df) * math.sqrt(sum(squares))
    assert interval.statistic == pytest.approx(value / math.sqrt(sum(squares)))
    return model.Estimate(value, value - half, value + half)


def test_murrough_2013_follows_from_its_summary():
    """Falls of 16.5 (t 10.31, 47 people) and 8.8 (t 4.63, 25 people): the row's derived difference and spread."""
    sds = 16.5 / 10.31 * math.sqrt(47), 8.8 / 4.63 * math.sqrt(25)
    found = welch(16.5, sds[0], 47, 8.8, sds[1], 25)
    row = evidence.row("EV03")
    assert trials_data.benefit(row) == pytest.approx(tuple(found), abs=0.006)
    pooled = math.sqrt((46 * sds[0] ** 2 + 24 * sds[1] ** 2) / 70)
    assert trials_data.parameter("sd_of_change").value == pytest.approx(pooled, abs=0.01)
    # The paper's own figure, from memory: 7.95 (3.20 to 12.71). The two must at least agree broadly.
    assert found.value == pytest.approx(7.95, abs=0.5) and found.low == pytest.approx(3.20, abs=0.6)


def test_janik_2025_agrees_with_its_effect_size():
    """The published interval is within a tenth of a point of what effect size and numbers of people give."""
    sd = 6.8 / 0.63
    found = model.interval_from_standard_error(6.8, sd * math.sqrt(1 / 95 + 1 / 197))
    assert trials_data.benefit(evidence.row("EV06")) == pytest.approx(tuple(found), abs=0.1)


def test_daly_2018_follows_from_its_standard_error():
    found = model.interval_from_standard_error(10.5, 2.79)
    assert trials_data.benefit(evidence.row("EV44")) == pytest.approx(tuple(found), abs=0.01)


def test_ratios_against_scipy():
    found = model.odds_ratio(15, 40, 6, 42)
    oracle = odds_ratio([[15, 25], [6, 36]], kind="sample")
    assert found.value == pytest.approx(oracle.statistic)
    assert (found.low, found.high) == pytest.approx(tuple(oracle.confidence_interval(0.95)), rel=1e-9)


def test_wilson_against_scipy():
    for events, n in ((0, 9), (9, 9), (4, 9), (63, 100)):
        oracle = stats.binomtest(events, n).proportion_ci(method="wilson")
        found = model.wilson_interval(events, n)
        assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), abs=1e-12)


@given(counts())
def test_a_share_lies_in_its_interval_and_turns_round(pair):
    events, n = pair
    found, other = model.wilson_interval(events, n), model.wilson_interval(n - events, n)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-12)
    more = model.wilson_interval(4 * events, 4 * n)
    assert more.high - more.low < found.high - found.low


@given(counts(), counts())
def test_a_difference_of_shares_turns_round(one, other):
    found, back = model.risk_difference(*one, *other), model.risk_difference(*other, *one)
    assert -1 - 1e-12 <= found.low <= found.value <= found.high <= 1 + 1e-12
    assert (found.low, found.high) == pytest.approx((-back.high, -back.low), abs=1e-12)


@given(counts(), counts())
def test_ratios_turn_round(one, other):
    found, back = model.odds_ratio(*one, *other), model.odds_ratio(*other, *one)
    assert 0 < found.low <= found.value <= found.high
    assert found.value * back.value == pytest.approx(1)
    assert found.low * back.high == pytest.approx(1)


@given(st.integers(4, 2000), spread_points, st.floats(-0.9, 0.99), st.sampled_from(model.DESIGNS))
def test_more_people_make_a_narrower_interval(n, sd, correlation, design):
    widths = model.width_of_interval([n, n + 1, 4 * n], sd, design, correlation)
    assert widths[0] > widths[1] > widths[2] > 0
    assert widths[2] <= widths[0] / 2 * (1 + 1e-9), "four times the people, half the width or less"


def test_arrays_and_scalars_agree():
    many = model.wilson_interval(np.array([0, 7, 12]), 12)
    assert many.low.shape == (3,)
    assert many.high[1] == model.wilson_interval(7, 12).high
    assert model.risk_difference([3, 4], [10, 10], 2, 10).value == pytest.approx([0.1, 0.2])


# --- simulated trials


@pytest.mark.parametrize("design", model.DESIGNS)
@pytest.mark.parametrize("n", [7, 12, 40])
def test_intervals_hold_the_truth_nineteen_times_in_twenty(design, n):
    simulated = model.simulate_trials(n, 4, 10.5, 20_000, 7, design)
    # The standard error of the share is 0.0015: four of them.
    assert model.record(simulated, 4).missed == pytest.approx(0.05, abs=0.006)
    assert simulated.estimate.mean() == pytest.approx(4, abs=0.2)


def test_power_is_the_noncentral_t():
    n, truth, sd = 12, 4, 10.5
    upper = stats.t.ppf(0.975, n - 1)
    oracle = 1 - stats.nct.cdf(upper, n - 1, truth / (sd / math.sqrt(n)))
    found = model.record(model.simulate_trials(n, truth, sd, 20_000, 11), truth).found
    assert found == pytest.approx(oracle, abs=0.012)


def test_a_trial_is_its_people():
    simulated = model.simulate_trials(12, 4, 10.5, 5, 3)
    for place in range(5):
        oracle = stats.ttest_1samp(simulated.people[place], 0).confidence_interval()
        assert simulated.estimate[place] == pytest.approx(simulated.people[place].mean())
        assert (simulated.low[place], simulated.high[place]) == pytest.approx((oracle.low, oracle.high), rel=1e-9)
    groups = model.simulate_trials(9, 4, 10.5, 3, 3, "parallel")
    for place in range(3):
        oracle = stats.ttest_ind(groups.people[place, :5], groups.people[place, 5:]).confidence_interval()
        assert (groups.low[place], groups.high[place]) == pytest.approx((oracle.low, oracle.high), rel=1e-9)


def test_the_width_that_is_expected_is_the_width_that_comes():
    for design, n in (("parallel", 40), ("crossover", 26)):
        simulated = model.simulate_trials(n, 0, 10.5, 5000, 2, design)
        expected = model.width_of_interval(n, 10.5, design)
        assert np.mean(simulated.high - simulated.low) == pytest.approx(expected, rel=0.02)


def test_the_width_of_a_tiny_trial_by_hand():
    """Eight people in two groups: t with 6 degrees of freedom, 2.447, times 10 * sqrt(1/4 + 1/4), twice."""
    assert model.width_of_interval(8, 10) == pytest.approx(2 * 2.4469 * 10 * math.sqrt(0.5), rel=1e-4)
    assert model.width_of_interval(7, 10, "crossover") == pytest.approx(2 * 2.4469 * 10 / math.sqrt(7), rel=1e-4)


def test_the_same_seed_gives_the_same_trials():
    one, again, other = (model.simulate_trials(12, 4, 10.5, 30, seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert not np.array_equal(one.people, other.people)


def test_a_higher_correlation_makes_a_crossover_surer():
    assert model.paired_sd(10, 10, 0.5) == pytest.approx(10)
    assert model.paired_sd(10, 10, 1) == 0
    assert model.paired_sd(3, 4, 0) == pytest.approx(5)


@pytest.mark.parametrize("bad", [math.nan, math.inf, "many", None, [1, 2]])
@pytest.mark.parametrize(
    "call, name",
    [
        (lambda bad: model.t_quantile(0.975, bad if not isinstance(bad, list) else tuple(bad)), "degrees_of_freedom"),
        (lambda bad: model.simulate_trials(bad, 4, 10, 5, 1), "people"),
        (lambda bad: model.odds_ratio(1, 10, 1, 10, level=bad), "level"),
    ],
)
def test_bad_input_is_refused_by_name(call, name, bad):
    with pytest.raises(ValueError, match=name):
        call(bad)


@pytest.mark.parametrize(
    "call, word",
    [
        (lambda: model.wilson_interval(13, 12), "events"),
        (lambda: model.wilson_interval(-1, 12), "events"),
        (lambda: model.wilson_interval(0, 0), "people"),
        (lambda: model.risk_difference(1, 10, 11, 10), "events_2"),
        (lambda: model.paired_sd(1, 1, 1.1), "correlation"),
        (lambda: model.t_quantile(1, 5), "probability"),
        (lambda: model.simulate_trials(12, 4, 10, 5, 1, "sequential"), "crossover"),
        (lambda: model.simulate_trials(3, 4, 10, 5, 1, "parallel"), "at least 4"),
        (lambda: model.width_of_interval([3, 10], 10), "at least 4"),
    ],
)
def test_the_impossible_is_refused(call, word):
    with pytest.raises(ValueError, match=word):
        call()


# --- the table


def test_every_row_says_what_a_reader_needs():
    for trial in evidence.table("trials"):
        assert (trial.effect is None) == (trial.effect_check == "") == (trial.effect_measure == ""), trial.id
        assert trial.effect is None or trial.favors, trial.id
        if trial.low is not None:
            assert trial.low <= trial.effect <= trial.high, trial.id
        assert trial.percent_control is None or trial.percent_ketamine is not None, trial.id
        assert trial.percent_ketamine is None or trial.percent_of, trial.id
        if trial.verification == "recalled" or trial.effect_check == "recalled":
            assert "unverified" in trial.note.lower(), trial.id
        if trial.first_hours is not None:
            assert trial.first_hours <= trial.last_hours, trial.id


def test_a_direction_agrees_with_its_interval():
    """On their main question, trials that favor ketamine leave no difference outside, the others hold it."""
    for trial in evidence.table("trials"):
        if trial.low is None:
            continue
        none = 1 if trial.effect_measure.endswith("ratio") else 0
        better = trial.high < none if trial.favors == "below" else trial.low > none
        clear = ("favors ketamine", "naltrexone reduced the effect")
        assert better == (trial.direction in clear), trial.id


def test_a_benefit_is_above_zero_when_ketamine_does_better():
    assert trials_data.benefit(evidence.row("EV08")) == (4.0, 0.64, 7.31)
    assert trials_data.benefit(evidence.row("EV16")).value == 14.2
    assert trials_data.benefit(evidence.row("EV12")) is None, "a ratio has no sign to turn"


# --- charts and explorers


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_says_its_numbers_and_its_sources(name):
    chart = getattr(charts, name)().chart
    assert chart.sources and chart.table.rows and len(chart.description) > 80
    assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)
    ids = {row[-1] for row in chart.table.rows}
    assert ids <= {row.id for name in ("trials", "time_courses") for row in evidence.table(name)}


@cache
def length_px(line, size, bold):
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")
    return TextPath((0, 0), line, size=size, prop=font).get_extents().width


def boxes(chart):
    """Every label as (name, left, right, bottom, top) in pixels, by the course's font."""
    picture = Picture(chart.width, chart.height)
    picture.parts(chart)
    for mark in chart.marks:
        for number, line in enumerate(getattr(mark, "text", "").split("\n")):
            if not line:
                continue
            ((x, y),) = picture._points([mark.x], [mark.y])
            length = length_px(line, mark.size, mark.bold)
            left = x + mark.dx - {"left": 0, "center": length / 2, "right": length}[mark.align]
            lines = mark.text.count("\n")
            middle = y - mark.dy + 1.2 * mark.size * (number - lines / 2)
            yield mark.name, left, left + length, middle - 0.45 * mark.size, middle + 0.45 * mark.size


def pictures():
    yield from (getattr(charts, name)().chart for name in CHARTS)
    for name in ("small_trial", "trial_evidence"):
        explorer = getattr(explorers, name)
        yield from (explorer.draw(**state) for _, state in explorer.states(offline=True)[::19])


def test_no_text_leaves_its_picture_or_lies_on_another():
    for chart in pictures():
        placed = list(boxes(chart))
        for name, left, right, top, bottom in placed:
            assert left >= -1 and right <= chart.width + 1 and top >= 0 and bottom <= chart.height, (chart.id, name)
        for place, one in enumerate(placed):
            for other in placed[place + 1 :]:
                apart = one[2] < other[1] or other[2] < one[1] or one[4] < other[3] or other[4] < one[3]
                assert apart, (chart.id, chart.title, one[0], other[0])
        assert all(getattr(mark, "size", 15) >= 15 for mark in chart.marks if hasattr(mark, "text"))


def test_the_forest_shows_nulls_and_hollows(monkeypatch):
    # No effect is recalled today; one is made so, that it be drawn hollow.
    monkeypatch.setattr(forest, "effect_verified", lambda trial: trial.id != "EV07")
    chart = charts.trial_forest().chart
    dots = {mark.name: mark for mark in chart.marks if mark.name.startswith("dot-")}
    assert dots["dot-EV07"].filled is False and dots["dot-EV08"].filled is True
    assert dots["dot-EV07"].marker == dots["dot-EV20"].marker != dots["dot-EV08"].marker
    shown = {row[-1] for row in chart.table.rows}
    assert {"EV10", "EV11", "EV19", "EV20"} <= shown, "nulls stand beside positives"
    assert [row[-1] for row in charts.trial_forest(["EV20", "EV19"]).chart.table.rows] == ["EV20", "EV19"]


def test_curves_over_time_say_their_shares_and_know_their_series():
    chart = charts.one_dose_fades().chart
    rows = evidence.table("time_courses")[:3]
    shares = [row.percent_ketamine for row in rows]
    assert shares == sorted(shares, reverse=True) and f"day 7: {shares[-1]:g}\u00a0%" in chart.description.replace(
        "day\u00a0", "day "
    )
    # The review's abstract gives no share for its controls, so none is drawn, and none is told.
    assert not any(row.percent_control for row in rows) and "no share for placebo" in chart.caveat
    assert [mark.name for mark in chart.marks if mark.name.startswith("line-")] == ["line-ketamine"]
    daly = charts.onset_curves(["Daly 2018"]).chart
    assert {row[0] for row in daly.table.rows} == {"Daly 2018"}
    assert daly.table.rows[0][2] == "+7.9 (+2.3 to +13.5) points"
    with pytest.raises(ValueError, match="ASPIRE I and II"):
        charts.onset_curves(["ASPIRE I"])
    with pytest.raises(ValueError, match="Nine trials together"):
        charts.one_dose_fades("Ten trials together")


def test_intervals_over_time_follow_from_their_standard_errors():
    errors = {2: 2.84, 24: 2.88, 168: 2.79}
    rows = [row for row in evidence.table("time_courses") if row.series == "Daly 2018"]
    for row in rows:
        found = model.interval_from_standard_error(row.effect, errors[row.hours])
        assert (row.low, row.high) == pytest.approx((found.low, found.high), abs=0.01)


def test_the_forest_shows_how_large_a_difference_matters():
    marks = {mark.name: mark for mark in charts.trial_forest().chart.marks}
    assert (marks["matters"].x, marks["matters"].x2) == (1.6, 6)


def test_people_who_are_looked_at_again_are_added_once():
    again = [trial for trial in evidence.table("trials") if trials_data.seen_before(trial)]
    names = {trial.name: trial for trial in evidence.table("trials")}
    assert {"EV22", "EV26", "EV51", "EV52"} == {trial.id for trial in again}
    for trial in again:
        before = names[trials_data.seen_before(trial)]
        assert before.n == trial.n and trial.limit == "same people, again"
        assert f" {trial.n:.0f} people" in trial.population
    everybody = sum(trial.n for trial in small.studies() if trial.n and trial not in again)
    description = explorers.trial_evidence.draw("all", "all", "all", "all").description
    assert f"add up to {everybody:,.0f}\u00a0people" in description
    # Where the trial in which they were first counted is filtered away, they are counted here.
    thoughts = explorers.trial_evidence.draw("suicidal thoughts", "placebo spray or tablet", "all", "all")
    assert "add up to 453\u00a0people" in thoughts.description
    assert "ASPIRE I and ASPIRE II stand in two lines" in charts.evidence_grid().chart.caveat


def test_a_published_interval_of_a_difference_of_shares_goes_first():
    assert trials_data.shares(evidence.row("EV16")) == (14.2, 3.9, 24.2)
    assert trials_data.shares(evidence.row("EV50")) == (-17, -30, -2)
    older = trials_data.shares(evidence.row("EV09"))
    assert (round(older.value), round(older.low), round(older.high)) == (14, -1, 25), "as chapter 08 tells it"
    told = {row[-1]: row for row in charts.response_by_control().chart.table.rows}
    assert "not reported" not in told["EV16"][6] + told["EV50"][6] and told["EV37"][1] == "anxiety disorders"


WITHOUT_IDS = ("evidence_grid", "one_dose_fades", "onset_curves")


@pytest.mark.parametrize("name", [name for name in CHARTS if name not in WITHOUT_IDS])
def test_an_unknown_trial_gets_the_nearest(name):
    with pytest.raises(ValueError, match="EV0"):
        getattr(charts, name)(["EV0"])


@pytest.mark.parametrize("name", ["small_trial", "trial_evidence"])
def test_marks_keep_their_names_and_order(name):
    explorer = getattr(explorers, name)
    first = explorer.draw(**explorer.state())
    picture = Picture(first.width, first.height)
    parts = list(chart_parts(first, picture))
    for _, state in explorer.states(offline=True):
        assert list(chart_parts(explorer.draw(**state), picture)) == parts, state


def test_every_study_of_people_appears_when_nothing_is_filtered():
    chart = explorers.trial_evidence.draw("all", "all", "all", "all")
    shown = {mark.name.removeprefix("dot-") for mark in chart.marks if mark.name.startswith("dot-") and len(mark.x)}
    wanted = {
        trial.id
        for trial in evidence.table("trials")
        if trial.indication != "laboratory or animal" and trial.design != "review"
    }
    assert shown == wanted == {row[-1] for row in chart.table.rows}


def test_every_filter_keeps_what_it_says_and_an_empty_one_says_so():
    explorer = explorers.trial_evidence
    empty = 0
    for _, state in explorer.states(offline=False):
        chart = explorer.draw(**state)
        shown = [mark.name for mark in chart.marks if mark.name.startswith("dot-") and len(mark.x)]
        assert "Counting papers is not weighing them" in chart.description
        message = next(mark for mark in chart.marks if mark.name == "none").text
        assert bool(shown) != bool(message)
        empty += not shown
        for name in shown:
            trial = evidence.row(name.removeprefix("dot-"))
            for filter_name, of in (
                ("population", small.condition),
                ("control", small.control_kind),
                ("blinding", small.blinded),
                ("funding", small.payer),
            ):
                assert state[filter_name] in ("all", of(trial)), (state, trial.id)
    assert empty


def test_all_four_filters_work_in_the_handout_within_its_weight(monkeypatch):
    monkeypatch.setenv("COURSE_COLLECT", "1")
    explorer = explorers.trial_evidence
    for control in explorer.controls:
        assert list(control.choices(None, offline=True)) == list(control.choices(None)), control.name
    script = json.dumps(explorer().offline_spec()["script"]).encode()
    assert len(gzip.compress(script)) < 40_000


def test_every_blinding_and_payer_belongs_to_a_plain_group():
    """A new value in the table must be given its group, or it would hide under 'open label or not reported'."""
    trials = evidence.table("trials")
    assert {trial.funding for trial in trials} <= set(small.PAYERS)
    known = {*small.BLINDED, "open label", "raters only", "not reported here", "not applicable"}
    assert {trial.blinding for trial in trials} <= known


def test_the_opioid_studies_stand_together_whatever_they_found():
    """Leaving out the uncontrolled ones would leave out most of one side."""
    chart = explorers.trial_evidence.draw("all", small.OPIOID, "all", "all")
    shown = {row[-1] for row in chart.table.rows}
    assert {"EV21", "EV25", "EV23", "EV27"} <= shown
    assert {row[-1] for row in charts.opioid_system_trials().chart.table.rows} <= shown


def test_more_people_find_more_and_an_absent_difference_is_found_by_chance_alone():
    explorer = explorers.small_trial
    sizes = [n for n in explorer.controls[1].options]
    medium = explorer.state()["difference_points"]
    found = {n: small.long_run(n, medium).found for n in sizes}
    for design in ("crossover", "parallel"):
        shares = [found[n] for n in sizes if (small.groups(n) is None) == (design == "crossover")]
        assert len(shares) >= 2 and shares == sorted(shares)
    for n in sizes:
        chance = small.long_run(n, 0.0)
        assert chance.found + chance.found_wrong_way == pytest.approx(0.05, abs=0.01)


def test_each_size_is_simulated_by_the_design_of_its_trial():
    """26 people who have both find more than 40 in two groups; 47 and 25 people find a medium effect in a third."""
    for n, trial in small.size_rows().items():
        simulated = small.repeated(n, 4.0)
        if trial.design == "crossover":
            assert small.groups(n) is None and simulated.people.shape[1] == n
            assert f"{n} people, each with both treatments, as in {trial.name}" == small.sizes()[n]
        else:
            treated, others = small.groups(n)
            assert (treated, others) == (trial.n_ketamine, trial.n_control)
            assert simulated.people.shape[1] == treated + others
            assert f"in groups of {treated} and {others}" in small.sizes()[n]
            marks = {mark.name: mark for mark in explorers.small_trial.draw(4.0, n, 1).marks}
            assert (len(marks["treated"].x), len(marks["people"].x)) == (treated, others)
    murrough = next(n for n, trial in small.size_rows().items() if trial.name == "Murrough 2013")
    assert small.groups(murrough) == (47, 25)
    error = 10.5 * math.sqrt(1 / 47 + 1 / 25)
    power = 1 - stats.nct.cdf(stats.t.ppf(0.975, 70), 70, 4 / error)
    assert small.long_run(murrough, 4.0).found == pytest.approx(power, abs=0.02)
    assert small.long_run(murrough, 4.0).found == pytest.approx(0.33, abs=0.02)
    assert small.long_run(26, 4.0).found > small.long_run(40, 4.0).found


def test_a_trial_is_drawn_as_it_is_said():
    chart = explorers.small_trial.draw(4.0, 12, 3)
    marks = {mark.name: mark for mark in chart.marks}
    assert len(marks["people"].x) == 12
    assert f"{marks['own'].x[0]:+.1f}".replace("-", "−") in chart.description
    dots = sum(len(marks[name].x) for name in ("found", "unclear", "missed"))
    assert dots == len(chart.table.rows) == 30
    assert "missed the truth" in chart.description
    said = sum(row[3] == "no" for row in chart.table.rows)
    assert len(marks["missed"].x) == said and f"of {said} missed" in chart.description


def test_the_predictions_take_their_answers_from_model_and_table():
    (guess,) = explorers.predict_small_trial().spec["guesses"]
    power = 1 - stats.nct.cdf(stats.t.ppf(0.975, 11), 11, 4 / (10.5 / math.sqrt(12)))
    assert guess["low"] <= 100 * power + 1 and guess["high"] >= 100 * power - 1
    (pick,) = explorers.predict_trial_evidence().spec["guesses"]
    assert pick["answer"] == evidence.row("EV34").direction == "no difference found"
