"""The certificate: only after form B, only from the record, and whatever the name holds."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path

import pytest
from course.learning import certificates
from course.learning.answers import Question
from course.learning.certificates import CertificateView, check_name, completion, page, write
from course.record import Log
from hypothesis import given
from hypothesis import strategies as st

KNOWN = {
    f"{start}{n:02d}": Question(f"{start}{n:02d}", f"O3.{n}", "core", "single", chapter, "", form)
    for start, chapter, form in (
        ("Q00", "00-start-here", "A"), ("Q10", "10-final-check", "B"), ("Q03", "03-how-much-binds", ""),
    )
    for n in range(1, 5)
}  # fmt: skip


@pytest.fixture
def record(tmp_path, monkeypatch) -> Log:
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    monkeypatch.setattr(certificates, "catalogue", lambda: KNOWN)
    return Log(tmp_path / "home" / "learner.sqlite3")


def hand_in(record: Log, form: str, verdicts: str) -> None:
    words = {"r": "right", "p": "partly", "w": "wrong"}
    start = {"A": "Q00", "B": "Q10"}[form]
    record.write_many(
        ("answer", f"{start}{n:02d}", {"answer": 0, "verdict": words[sign], "try": 1, "sure": None, "mode": "check"})
        for n, sign in enumerate(verdicts, 1)
    )


def test_there_is_none_before_form_b(record, tmp_path):
    hand_in(record, "A", "rrrr")
    assert completion(record.counted()) is None
    with pytest.raises(ValueError, match="the test after the course was not handed in"):
        write("Ada", tmp_path)
    view = CertificateView("Ada", tmp_path)
    assert "the test after the course was not handed in" in view.markup
    with pytest.raises(ValueError, match="the test after the course was not handed in"):
        view.respond({"name": "Ada"})
    assert not list(tmp_path.glob("*.html"))


def test_it_says_what_the_record_says(record, tmp_path):
    hand_in(record, "A", "wwrw")
    hand_in(record, "B", "rpwr")
    record.write("answer", "Q0301", {"verdict": "wrong", "try": 1})
    record.write("section", "03-how-much-binds#Full-or-empty", True)
    record.write("section", "03-how-much-binds#Tight-is-not-strong", True)
    record.write("section", "03-how-much-binds#Tight-is-not-strong", None)
    path = write("Zoë  Ångström", tmp_path / "new folder")
    text = path.read_text(encoding="utf-8")
    assert path == tmp_path / "new folder" / "record-of-work-is-ketamine-an-opioid.html"
    assert "<bdi>Zoë Ångström</bdi>" in text and "Test after the course: 2½ of 4 points." in text
    assert "Before the course: 1 of 4 points. Normalized gain: 0.50" in text
    assert re.search(r"03 How much binds\?</th><td>1 of 4</td><td>1 of \d+</td>", text)
    assert re.search(r'on <strong><span class="day">\d{1,2} [A-Z][a-z]+ 20\d\d</span></strong>', text)
    assert "not a professional credential" in text and "Nobody supervised" in text
    assert re.search(r"Questions of the chapters answered: 1 of \d+\. Sections marked as finished: 1 of \d+\.", text)
    assert "Record of work" in text and "ertificate" not in text and "ompletion" not in text


def test_no_file_is_overwritten_and_no_half_file_stays(record, tmp_path, monkeypatch):
    hand_in(record, "B", "rrrr")
    one, other = write("Ada", tmp_path / "out"), write("Bo", tmp_path / "out")
    assert one != other and "Ada" in one.read_text() and "Bo" in other.read_text()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ValueError, match="No space left.*Name another folder"):
        write("Cy", tmp_path / "out")
    assert len(list((tmp_path / "out").iterdir())) == 2
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="cannot be written"):
        write("Cy", tmp_path / "file" / "below")


def test_without_a_folder_it_goes_to_downloads_or_beside_the_record(record, tmp_path):
    hand_in(record, "B", "rrrr")
    assert write("Ada").parent == tmp_path / "home"
    (tmp_path / "person" / "Downloads").mkdir(parents=True)
    assert write("Ada").parent == tmp_path / "person" / "Downloads"


def test_the_name_goes_into_the_file_only(record):
    hand_in(record, "B", "rrrr")
    view = CertificateView()
    reply = view.respond({"name": "Wilhelmina"})
    assert "Wilhelmina" in reply["html"] and "Wilhelmina" not in reply["file"]
    assert "Wilhelmina" not in view.markup + str(view.spec) + str(view.get_state())
    assert b"Wilhelmina" not in Path(record.path).read_bytes()


def test_the_file_loads_and_runs_nothing(record):
    hand_in(record, "B", "rrrr")
    text = CertificateView().respond({"name": "Ada"})["html"]
    assert not re.search(r"<(script|link|img|iframe|form|a)\b|https?:|url\(|@import|\bon\w+=", text)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert "default-src &#39;none&#39;" in text.replace("'", "&#39;") and digest in text
    assert "dark" not in style, "light only"


HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "a</bdi></p><h1>b", "&amp; & <"]


@pytest.mark.parametrize("name", HOSTILE)
def test_markup_is_text(record, name):
    hand_in(record, "B", "rrrr")
    text = page(check_name(name), completion())
    assert "<script" not in text and "<img" not in text and "<h1>b" not in text and ">49<" not in text


@pytest.mark.parametrize(
    "name, words",
    [
        ("", "Write the name"),
        (" \n\t\u3000", "Write the name"),
        ("x" * 81, "too long"),
        ("x" * 1_000_000, "too long"),
        ("Ada\u202egnp.exe", "control character"),
        ("Ada\u2066", "control character"),
        ("A\x00da", "control character"),
        ("A\x1b[31m", "control character"),
        ("A\ud800", "control character"),
        ("....", "no letter"),
        ("A" + "\u0301" * 30, "too many marks"),
        (None, "must be text"),
        (["Ada"], "must be text"),
    ],
)
def test_a_name_that_cannot_be_printed_is_refused_in_words(record, name, words):
    hand_in(record, "B", "rrrr")
    with pytest.raises(ValueError, match=words):
        CertificateView().respond({"name": name})


@pytest.mark.parametrize(
    "name", ["نور الهدى", "רות", "می\u200cخواهم", "李小龙", "O’Brien-Núñez 3rd", "Đặng Thị Ánh", "क्\u200dष"]
)
def test_names_of_any_script_are_taken(name):
    assert check_name(f"  {name} ")


@given(st.text(max_size=120))
def test_any_text_is_printed_as_text_or_refused(name):
    done = {"date": "1 March 2026", "score": "4 of 4 points", "gain": "", "chapters": []}
    try:
        tidy = check_name(name)
    except ValueError:
        return
    text = page(tidy, done)
    assert text.count("<") == page("Ada", done).count("<") and text.encode()


def test_stored_and_offline_words_promise_no_button(record):
    from course.display import render

    hand_in(record, "B", "rrrr")
    view = CertificateView()
    stored, offline = view._repr_mimebundle_()["text/html"], render(view.offline_spec(), "offline", "u")
    for text in (stored, offline):
        assert "not a professional credential" in text and "<button" not in text and "<input" not in text
