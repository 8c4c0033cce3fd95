"""Review: the deck and its dates follow from the record alone, by the rules of the fsrs library."""

from __future__ import annotations

import datetime as dt
import random
import re

import fsrs
import pytest
from course import learning
from course.learning import reviewing as review
from course.learning.answers import Question, first_tries, hand_in, latest_tries, tries
from course.learning.reviewing import coming, deck, due, due_line, rating
from course.record import Event, Log
from hypothesis import given
from hypothesis import strategies as st

START = dt.datetime(2026, 3, 1, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
VERDICTS = ("right", "partly", "wrong")
SURE = (None, 25, 50, 75, 95)
KNOWN = {
    **{
        item: Question(item, f"O1.{(n + 2) // 3}", "core", "single", "01-made", "S")
        for n, item in enumerate((f"Q01{n:02d}" for n in range(1, 10)), 1)
    },
    "Q0110": Question("Q0110", "O1.4", "deeper", "single", "01-made", "S"),
    "Q0111": Question("Q0111", "O1.4", "core", "number", "01-made", "S"),
    "Q0112": Question("Q0112", "O1.4", "core", "single", "01-made", "S"),
    "Q0001": Question("Q0001", "O1.1", "core", "single", "00-start-here", "", "A"),
    "Q0002": Question("Q0002", "O1.4", "core", "single", "00-start-here", "", "A"),
    "Q1001": Question("Q1001", "O1.1", "core", "single", "10-final-check", "", "B"),
    "Q1002": Question("Q1002", "O1.4", "core", "single", "10-final-check", "", "B"),
}  # fmt: skip
CHAPTER = [item for item, question in KNOWN.items() if not question.form]
_count = iter(range(10**9))


def said(item, at, verdict="wrong", number=1, sure=None, *, shown=False, mode="practice") -> Event:
    value = {"answer": 0, "verdict": verdict, "try": number, "sure": sure, "hints": 0, "mode": mode, "shown": shown}
    return Event(f"{next(_count):032x}", at.isoformat(), "answer", item, value)


def by_hand(reviews) -> dt.datetime:
    """The library, fed review by review."""
    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    card = fsrs.Card()
    for at, how in reviews:
        card, _ = scheduler.review_card(card, how, at)
    return card.due


def expected_rating(verdict, sure, shown) -> fsrs.Rating:
    if verdict != "right" or shown:
        return fsrs.Rating.Again
    return {
        None: fsrs.Rating.Good,
        25: fsrs.Rating.Hard,
        50: fsrs.Rating.Hard,
        75: fsrs.Rating.Good,
        95: fsrs.Rating.Easy,
    }[sure]


def learner(seed: int) -> tuple[list[Event], dict[str, dt.datetime]]:
    """Events of a learner who answers at random, and the due dates that the library gives when replayed by hand."""
    chance = random.Random(seed)
    events, dates = [], {}
    for item in CHAPTER:
        if chance.random() < 0.2:
            continue
        at, reviews, enters = START + chance.random() * 3 * DAY, [], False
        for number in range(1, chance.randint(1, 12) + 1):
            verdict, sure, shown = chance.choice(VERDICTS), chance.choice(SURE), number > 1 and chance.random() < 0.1
            enters = enters or verdict != "right" or sure in (25, 50) or shown
            mode = "review" if number > 1 and chance.random() < 0.5 else "practice"
            events.append(said(item, at, verdict, number, sure, shown=shown, mode=mode))
            reviews.append((at, expected_rating(verdict, sure, shown)))
            at += dt.timedelta(seconds=chance.choice((20, 600, 9000, 86400, 400000, 3e6)) * (0.5 + chance.random()))
        if enters:
            dates[item] = by_hand(reviews)
    return events, dates


LATE = START + 2000 * DAY


def test_the_due_dates_of_300_learners_are_those_of_the_library():
    cards = 0
    for seed in range(300):
        events, dates = learner(seed)
        got = {card.item: card.due for card in deck(events, LATE, KNOWN)}
        assert got == dates, seed
        cards += len(got)
    assert cards > 1500


def test_merged_records_give_the_same_deck_as_sorted_ones():
    for seed in range(60):
        events, dates = learner(seed)
        mixed = [*events, *random.Random(seed).sample(events, len(events) // 2)]  # half of them twice
        random.Random(seed + 1).shuffle(mixed)
        assert {card.item: card.due for card in deck(mixed, LATE, KNOWN)} == dates
        assert deck(mixed, LATE, KNOWN) == deck(events, LATE, KNOWN)


@pytest.mark.parametrize("hours", [-11, -3.5, 0, 5.75, 14])
def test_the_zone_of_a_stamp_or_of_the_reader_changes_nothing(hours):
    zone = dt.timezone(dt.timedelta(hours=hours))
    events, dates = learner(7)
    moved = [
        Event(
            each.id,
            dt.datetime.fromisoformat(each.at).astimezone(zone).isoformat(),
            each.kind,
            each.subject,
            each.value,
        )
        for each in events
    ]
    assert {card.item: card.due for card in deck(moved, LATE.astimezone(zone), KNOWN)} == dates
    assert due(LATE.astimezone(zone), moved, KNOWN) == due(LATE, events, KNOWN)


def study(answer, days: int = 365) -> list[dt.datetime]:
    """A learner who answers one question whenever it is due; the times at which she does."""
    events, times, now = [said("Q0101", START)], [START], START
    while now < START + days * DAY and len(times) < 200:
        (card,) = deck(events, now, KNOWN)
        now = max(card.due, now + dt.timedelta(minutes=1))
        times.append(now)
        events.append(said("Q0101", now, answer(len(times)), len(times), 75, mode="review"))
    return times


def test_intervals_grow_for_one_who_knows_and_stay_short_for_one_who_forgets():
    knows, forgets = study(lambda _: "right"), study(lambda n: "right" if n % 3 == 0 else "wrong")
    gaps = [(b - a) for a, b in zip(knows, knows[1:], strict=False)]
    assert gaps == sorted(gaps) and gaps[-1] > 60 * DAY and len(knows) < 15
    assert len(study(lambda _: "wrong", 30)) == 200, "who never knows it is asked all the time"
    assert len(forgets) > 4 * len(knows)


@given(
    st.lists(st.tuples(st.integers(-40, 40), st.sampled_from(VERDICTS), st.sampled_from(SURE)), min_size=1, max_size=20)
)
def test_clocks_that_go_back_or_ahead_do_no_harm(steps):  # fmt: skip
    now = START + 10 * DAY
    events = [said("Q0101", START + days * DAY, verdict, n, sure) for n, (days, verdict, sure) in enumerate(steps, 1)]
    cards = deck(events, now, KNOWN)
    assert len(cards) == any(verdict != "right" or sure in (25, 50) for _, verdict, sure in steps)
    for card in cards:
        # Nothing sleeps because a clock was once ahead: the date follows from a try that has happened.
        assert card.due <= now + dt.timedelta(days=36500)
        assert card.reviews == sum(START + days * DAY <= now for days, *_ in steps)
        assert card.reviews or card.due == now


def test_what_is_in_the_deck():
    for verdict in VERDICTS:
        for sure in SURE:
            events = [said("Q0101", START, verdict, 1, sure), said("Q0101", START + DAY, "right", 2, 95)]
            inside = bool(deck(events, LATE, KNOWN))
            assert inside == (verdict != "right" or sure in (25, 50)), (verdict, sure)
    assert deck([said("Q0101", START, "right", 1, 95, shown=True)], LATE, KNOWN), "shown is not known"
    assert not deck([said("Q9999", START)], LATE, KNOWN), "a question of another course"
    assert not deck([], LATE, KNOWN)


def test_what_was_known_once_and_missed_later_comes_back():
    events = [said("Q0101", START, "right", 1, 95), said("Q0101", START + 3 * DAY, "wrong", 2, 95)]
    (card,) = deck(events, LATE, KNOWN)
    assert card.due == by_hand([(START, fsrs.Rating.Easy), (START + 3 * DAY, fsrs.Rating.Again)])
    unsure = [said("Q0101", START, "right", 1, 95), said("Q0101", START + 3 * DAY, "right", 2, 50)]
    assert len(deck(unsure, LATE, KNOWN)) == 1 and not deck(unsure[:1], LATE, KNOWN)


def test_a_miss_in_a_form_brings_a_question_of_the_chapter_and_never_the_form_s_own():
    first = said("Q0001", START - 9 * DAY, "right", 1, 95, mode="check")  # so form B is the one after the course
    missed = said("Q1002", START, "wrong", 1, 95, mode="check")
    (card,) = deck([first, missed], LATE, KNOWN)
    assert card.item == "Q0112", "same objective, level and kind"
    assert card.due == by_hand([(START, fsrs.Rating.Again)])
    # Known well before the test: the miss is a lapse of it.
    before = said("Q0112", START - 5 * DAY, "right", 1, 95)
    (card,) = deck([first, missed, before], LATE, KNOWN)
    assert card.due == by_hand([(START - 5 * DAY, fsrs.Rating.Easy), (START, fsrs.Rating.Again)])
    # First tried after the test, and known: that try speaks.
    assert not deck([first, missed, said("Q0112", START + DAY, "right", 1, 95)], LATE, KNOWN)
    assert not deck([first, said("Q1002", START, "right", 1, 95, mode="check")], LATE, KNOWN)


def test_a_miss_before_the_course_waits_for_its_chapter():
    missed = said("Q0002", START, "wrong", mode="check")
    assert not deck([missed], LATE, KNOWN)
    section = Event("s", (START + DAY).isoformat(), "section", "01-made#S", True)
    assert [card.item for card in deck([missed, section], LATE, KNOWN)] == ["Q0112"]


def test_first_and_latest_tries_and_hand_ins():
    events = [
        said("Q0101", START + DAY, "right", 2),
        said("Q0101", START, "wrong", 1),
        said("Q1001", START, "partly", 1, mode="check"),
        said("Q1001", START + DAY, "right", 2, mode="check"),
        said("Q0102", START, "", 1, mode="poll"),
    ]
    assert first_tries(events)["Q0101"].verdict == "wrong" and latest_tries(events)["Q0101"].verdict == "right"
    assert {item: each.verdict for item, each in hand_in("B", events, KNOWN).items()} == {"Q1001": "partly"}
    assert hand_in("A", events, KNOWN) == {} and "Q0102" not in tries(events)
    assert rating(latest_tries(events)["Q0101"]) == "good"


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.text(), st.sampled_from(["2026-01-01", "9999-12-31T23:59:59-12:00", "0001-01-01"])),
            st.sampled_from(["answer", "guess", "section"]),
            st.recursive(
                st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.sampled_from(VERDICTS)),
                lambda part: st.one_of(
                    st.lists(part), st.dictionaries(st.sampled_from(["verdict", "try", "sure", "shown", "mode"]), part)
                ),
                max_leaves=6,
            ),
        ),
        max_size=8,
    )
)
def test_an_imported_record_may_hold_anything(rows):
    events = [Event(str(n), at, kind, "Q0101", value) for n, (at, kind, value) in enumerate(rows)]
    assert len(deck(events, LATE, KNOWN)) <= 1
    due_line(LATE, events, KNOWN)


def test_the_line_counts_days_where_the_learner_is():
    zone = dt.timezone(dt.timedelta(hours=-8))
    now = dt.datetime(2026, 3, 10, 20, 0, tzinfo=zone)  # the next day already in UTC
    events = [said("Q0101", now - 40 * DAY)]
    assert due_line(now, events, KNOWN) == "1 question is due today. Chapter 10 asks it."
    events += [said("Q0102", now - dt.timedelta(seconds=20)), said("Q0103", now - 3 * DAY)]
    assert due_line(now, events, KNOWN) == "3 questions are due today, 2 of them now. Chapter 10 asks them."
    assert (
        due_line(now, [], KNOWN) == "Nothing to review yet: questions that you answer come back here when they are due."
    )
    known = [said("Q0104", now - DAY), said("Q0104", now - DAY / 2, "right", 2, 95)]
    (card,) = deck(known, now, KNOWN)
    days = (card.due.astimezone(zone).date() - now.date()).days
    assert coming([card], now) == {days: 1}
    assert (
        due_line(now, known, KNOWN)
        == f"Nothing to review today. The next questions come back {'tomorrow' if days == 1 else f'in {days} days'}."
    )


# The display, with questions of the course


@pytest.fixture
def record(tmp_path, monkeypatch) -> Log:
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    return Log(tmp_path / "learner.sqlite3")


def answer(record: Log, item: str, verdict: str, **more) -> None:
    record.write("answer", item, {"answer": 0, "verdict": verdict, "try": 1, "sure": None, "mode": "practice"} | more)


def later(days: float = 1):
    return lambda: dt.datetime.now().astimezone() + days * DAY


def text_of(view) -> str:
    return " ".join(block.get("text", "") for block in view.spec["record"])


def test_the_review_asks_what_is_due_and_the_button_asks_again(record):
    view = review.ReviewView(now=later())
    assert "No question is waiting for review" in text_of(view) and view.box.children == (view,)
    for item in ("Q0301", "Q0304"):
        answer(record, item, "wrong")
    reply = view.respond({"update": True})
    assert "2 questions are due now" in reply["html"] and "2 questions are due now" in view.markup
    asked = view.box.children[1]
    assert [item.id for item in asked.items] == ["Q0301", "Q0304"] and asked.mode == "review"
    assert view._repr_mimebundle_()["application/vnd.jupyter.widget-view+json"]["model_id"] == view.box.model_id
    with pytest.raises(ValueError, match="requests"):
        view.respond({"update": "yes"})


def test_no_more_than_a_sitting_s_worth_is_asked_and_its_sources_are_not_the_chapter_s(record):
    from course.display import cited

    for item in [item for item, one in review.catalogue().items() if not one.form][:25]:
        answer(record, item, "wrong")
    cited.clear()
    view = review.ReviewView(now=later())
    assert "25 questions are due now. Here are 10" in text_of(view)
    assert len(view.box.children[1].items) == 10 and not cited


def test_stored_and_offline_forms_do_not_depend_on_the_record(record):
    calls = (learning.review, learning.due_today, learning.calibration, learning.gain, learning.certificate)

    def forms():
        views = [call() for call in calls]
        return [(view._repr_mimebundle_()["text/html"], view.offline_spec(), repr(view)) for view in views]

    before = forms()
    for item in review.catalogue():
        answer(record, item, "wrong", sure=95)
    assert forms() == before
    assert all("<button" not in html and " id=" not in html for html, *_ in before)


def test_the_front_page_says_what_is_due_and_only_live(record):
    from course.display import render

    answer(record, "Q0301", "wrong")
    view = review.DueView(now=later())
    assert text_of(view) == "1 question is due today. Chapter 10 asks it."
    assert "due today." in render(view.spec, "live", "u") and "1 question" not in render(
        view.offline_spec(), "offline", "u"
    )


def test_the_course_map_says_what_is_due_and_only_live(record):
    from course.display import render

    before = learning.course_map()
    assert "Nothing to review yet" in before.markup
    answer(record, "Q0301", "wrong")
    after = learning.course_map()
    assert re.search(r'class="due">1 question is due today', after.markup)
    assert after._repr_mimebundle_()["text/html"] == before._repr_mimebundle_()["text/html"]
    assert after.offline_spec() == before.offline_spec()
    assert "due today" not in render(after.offline_spec(), "offline", "u")
