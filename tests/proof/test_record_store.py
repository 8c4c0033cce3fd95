"""An exported record is accepted by a real learning record store: Ralph, in an environment of its own, on loopback."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from course import record as records
from course.learning import export_record
from environments import environment
from everything_answered import answer_everything

pytestmark = [pytest.mark.proof, pytest.mark.timeout(900)]

# Ralph pins its own bcrypt. Its other packages would take JupyterLab back to 4.0, so it never shares ours.
PACKAGES = ["ralph-malph[lrs,cli]>=5.1,<6", "requests"]
USER, PASSWORD = "course", "for this test only"
# The server takes nearly all; Ralph's own model of a statement is as strict as the specification.
STRICT = """
import json, sys
from ralph.models.xapi.base.statements import BaseXapiStatement
def refused(statement):
    try:
        BaseXapiStatement.model_validate(statement)
    except ValueError as problem:
        return [statement["object"]["id"], str(problem)]
print(json.dumps([found for found in map(refused, json.load(open(sys.argv[1], encoding="utf-8"))) if found]))
"""
HASH = "import bcrypt, sys; print(bcrypt.hashpw(sys.argv[1].encode(), bcrypt.gensalt()).decode())"


@pytest.fixture(scope="module")
def ralph(tmp_path_factory) -> Path:
    """The Python of an environment that holds Ralph. RALPH_PYTHON names one that is there already."""
    return environment(tmp_path_factory.mktemp("ralph"), PACKAGES, "RALPH_PYTHON")


@pytest.fixture
def store(ralph, tmp_path):
    """The address of a running, empty store."""
    hashed = subprocess.run([ralph, "-c", HASH, PASSWORD], capture_output=True, text=True, check=True).stdout.strip()
    agent = {"account": {"homePage": "https://store.example", "name": USER}}
    (tmp_path / "auth.json").write_text(
        json.dumps([{"agent": agent, "scopes": ["all"], "hash": hashed, "username": USER}])
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = (tmp_path / "ralph.log").open("w")
    process = subprocess.Popen(
        [ralph.with_name("ralph"), "runserver", "-b", "fs", "--host", "127.0.0.1", "--port", str(port)]
        + ["--fs-default-directory-path", str(tmp_path / "archive")],
        cwd=tmp_path,
        env={**os.environ, "RALPH_APP_DIR": str(tmp_path), "RALPH_AUTH_FILE": str(tmp_path / "auth.json")},
        stdout=said,
        stderr=said,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/__heartbeat__", timeout=1)
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                assert process.poll() is None, (tmp_path / "ralph.log").read_text()
                time.sleep(0.2)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        said.close()


def ask(address: str, path: str, body: bytes | None = None) -> tuple[int, object]:
    """Status and answer of the store."""
    secret = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    request = urllib.request.Request(
        f"{address}{path}",
        data=body,
        headers={
            "Authorization": f"Basic {secret}",
            "Content-Type": "application/json",
            "X-Experience-API-Version": "1.0.3",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode()


def stored(address: str) -> list[dict]:
    """Every statement that the store holds."""
    found, path = [], "/xAPI/statements?limit=500"
    while path:
        status, answer = ask(address, path)
        assert status == 200, answer
        found += answer["statements"]
        more = answer.get("more", "")
        path = more[more.index("/xAPI") :] if more else ""
    return found


def strictly_refused(ralph: Path, path: Path) -> list[list[str]]:
    """The statements of a file that Ralph's strict model refuses, and why."""
    checked = subprocess.run([ralph, "-c", STRICT, path], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    return json.loads(checked.stdout)


def test_every_kind_of_statement_is_accepted_and_counted_once(ralph, store, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    kinds = answer_everything()
    export = export_record("learner-7", tmp_path)
    body = export.files[0].read_bytes()
    sent = json.loads(body)
    assert len(sent) == export.events == len(records.log().events()) > 150

    assert strictly_refused(ralph, export.files[0]) == []
    breaks = [
        {"verb": {"id": "answered"}},
        {"actor": {**sent[0]["actor"], "mbox": "mailto:somebody@course.example"}},
        {"result": {"score": {"scaled": 2}}},
        {"result": {"response": ""}},
        {"timestamp": "yesterday"},
    ]
    (tmp_path / "broken.json").write_text(json.dumps([{**sent[0], **broken} for broken in breaks]))
    assert len(strictly_refused(ralph, tmp_path / "broken.json")) == len(breaks), "the model does look"
    nobody = {name: part for name, part in sent[0].items() if name != "actor"}
    refused, _ = ask(store, "/xAPI/statements", json.dumps([nobody]).encode())
    assert refused in (400, 422), "so does the server"

    # All in one request: Ralph's store of plain files takes no second one that is new.
    status, answer = ask(store, "/xAPI/statements", body)
    assert status == 200, answer
    assert sorted(answer) == sorted(one["id"] for one in sent)
    back = {one["id"]: one for one in stored(store)}
    assert set(back) == {one["id"] for one in sent}
    for one in sent:
        kept = {name: back[one["id"]][name] for name in one}
        assert kept == one

    again, _ = ask(store, "/xAPI/statements", export_record("learner-7", tmp_path).files[0].read_bytes())
    other, _ = ask(store, "/xAPI/statements", export_record("another name", tmp_path).files[0].read_bytes())
    # Ralph's store of plain files takes no second request that is new: 409 would be an id that says something else.
    assert again == 204 and other != 409, "nothing new; and under another name they are other statements"
    assert len({one["id"] for one in stored(store)} & {one["id"] for one in sent}) == len(sent), "counted once"
    with capsys.disabled():
        print(
            f"\nRalph: {len(sent)} statements with {len(kinds)} kinds of events and questions sent ({status}), "
            f"{len(back)} read back alike, none refused by its strict model; one without an actor refused ({refused}); "
            f"sent again ({again}), and under another name ({other}): still {len(sent)}"
        )
