"""A real JupyterHub with two users, by README's words: servers start, saves are clean, records are each user's own."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

import hub  # noqa: E402
import lab  # noqa: E402

pytestmark = [pytest.mark.proof, pytest.mark.browser, pytest.mark.timeout(1800)]

CHAPTER = "01-two-drug-families"


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """The Python of the single-user servers' environment. HUB_PYTHON names one that is there already."""
    if "HUB_PYTHON" in os.environ:
        return Path(os.environ["HUB_PYTHON"])
    return hub.environment(tmp_path_factory.mktemp("hub"), "jupyterhub>=5,<7")


@pytest.fixture(scope="module")
def proxy(tmp_path_factory) -> list[str]:
    return hub.proxy(tmp_path_factory.mktemp("proxy"))


@pytest.fixture
def settings_in_etc(python):
    """README: an administrator copies the file once into etc/jupyter of the environment. postBuild does just that."""
    etc = python.parents[1] / "etc" / "jupyter"
    copied = etc / "jupyter_server_config.py"
    before = copied.read_text() if copied.exists() else None
    subprocess.run(
        ["bash", "postBuild"], cwd=hub.ROOT, env={**os.environ, "NB_PYTHON_PREFIX": str(python.parents[1])}, check=True
    )
    assert copied.read_text() == (hub.ROOT / "jupyter_server_config.py").read_text()
    assert str(etc) in hub.where_config_is_read(python), "Jupyter reads no settings there"
    yield copied
    copied.unlink()
    if before is not None:
        copied.write_text(before)


def entered(browser, address: str, user: str):
    """A page of this user, at her JupyterLab."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{address}/hub/login")
    page.fill("#username_input", user)
    page.fill("#password_input", "for this test only")
    page.click("#login_submit")
    page.wait_for_url(f"**/user/{user}/lab*", timeout=180_000)
    return page


def test_two_users_each_on_a_server_and_with_a_record_of_her_own(browser, python, proxy, settings_in_etc, tmp_path):
    users = ("ada", "ben")
    for user in users:
        (tmp_path / "homes" / user).mkdir(parents=True)
        hub.clone(tmp_path / "homes" / user)
    with hub.running(python, proxy, tmp_path) as address:
        for number, user in enumerate(users):
            page = entered(browser, address, user)
            lab.open_chapter(page, f"{address}/user/{user}", CHAPTER)
            assert page.get_by_text("official Jupyter news").count() == 0
            lab.run_all(page)
            start = page.locator(".course.start").first.text_content()
            assert "does not use the course" not in start
            assert f"homes/{user}/" in start, "the line says where this user's answers are"
            item = page.locator(".course [data-quiz-item], .course[data-quiz-item]").filter(
                has=page.locator('input[type="radio"]')
            )
            question = item.first
            question.get_by_role("radio").nth(number).check()
            question.locator('[data-action="check"]').click()
            page.locator(".saved", has_text="Saved at").first.wait_for(timeout=30_000)
            lab.save(page)
            page.reload()  # the kernel runs on: the displays come back
            page.locator('.course [data-action="check"]').first.wait_for(state="attached", timeout=60_000)
            page.context.close()
        log = (tmp_path / "hub.log").read_text()
        assert "LazyConfigValue" not in log
        assert "Not with this version of Jupyter" not in log, "every addition of the settings fits"
    for number, user in enumerate(users):
        text = (tmp_path / "homes" / user / "notebooks" / f"{CHAPTER}.ipynb").read_text(encoding="utf-8")
        assert "widget-view" not in text and "Error displaying widget" not in text
        (record,) = (tmp_path / "homes" / user).rglob("learner.sqlite3")
        with closing(sqlite3.connect(record)) as database:
            values = [
                json.loads(value) for (value,) in database.execute("SELECT value FROM events WHERE kind='answer'")
            ]
        assert [value["answer"] for value in values] == [number]


def test_a_hub_whose_settings_name_the_clone(browser, python, proxy, tmp_path):
    """The other way that the file names: JUPYTER_CONFIG_PATH in the spawner's environment."""
    home = tmp_path / "homes" / "cleo"
    home.mkdir(parents=True)
    hub.clone(home)
    with hub.running(python, proxy, tmp_path, JUPYTER_CONFIG_PATH=str(home)) as address:
        page = entered(browser, address, "cleo")
        lab.open_chapter(page, f"{address}/user/cleo", CHAPTER)
        lab.run_all(page)
        assert "does not use the course" not in page.locator(".course.start").first.text_content()
        lab.save(page)
        page.context.close()
    assert "widget-view" not in (home / "notebooks" / f"{CHAPTER}.ipynb").read_text(encoding="utf-8")


def test_postbuild_fills_an_environment_that_has_no_etc_yet(tmp_path):
    subprocess.run(
        ["bash", "postBuild"], cwd=hub.ROOT, env={**os.environ, "NB_PYTHON_PREFIX": str(tmp_path)}, check=True
    )
    assert (tmp_path / "etc/jupyter/jupyter_server_config.py").read_text() == (
        hub.ROOT / "jupyter_server_config.py"
    ).read_text()
