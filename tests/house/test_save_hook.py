"""A learner's own saves hold no reference to a widget model that will be gone tomorrow."""

import copy
import logging
import runpy
from pathlib import Path

import nbformat
import pytest
from traitlets.config import Config

CONFIG = Path(__file__).resolve().parents[2] / "jupyter_server_config.py"
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture()
def settings(monkeypatch):
    """The config file, run as Jupyter runs it."""
    monkeypatch.setenv("COURSE_CLEAN_SAVES", "")  # the file sets it; this puts it back afterwards
    c = Config()
    names = runpy.run_path(str(CONFIG), init_globals={"get_config": lambda: c})
    return c, names


@pytest.fixture()
def hook(settings):
    return settings[0].ContentsManager.pre_save_hook


def notebook():
    ours = nbformat.v4.new_output(
        "display_data",
        {VIEW: {"model_id": "gone"}, "text/html": "<figure>kept</figure>", "text/plain": "a chart"},
        metadata={VIEW: {"x": 1}, "text/html": {"isolated": False}},
    )
    plain = nbformat.v4.new_output("execute_result", {VIEW: {}, "text/plain": "IntSlider()"})
    stream = nbformat.v4.new_output("stream", text="kept")
    code = nbformat.v4.new_code_cell("show()", outputs=[ours, plain, stream], metadata={"tags": ["kept"]})
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# kept"), code])
    made.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "kept"}
    return made


def test_the_widget_key_goes_and_all_else_stays(hook):
    before = notebook()
    model = {"type": "notebook", "content": copy.deepcopy(before)}
    hook(model=model, path="a.ipynb", contents_manager=None)
    expected = before
    del expected.metadata["widgets"]
    ours, plain, _ = expected.cells[1].outputs
    del ours["data"][VIEW], ours["metadata"][VIEW], plain["data"][VIEW]
    assert model["content"] == expected
    nbformat.validate(nbformat.from_dict(model["content"]))


def test_a_second_save_changes_nothing_more(hook):
    model = {"type": "notebook", "content": notebook()}
    hook(model=model, path="a.ipynb")
    once = copy.deepcopy(model)
    hook(model=model, path="a.ipynb")
    assert model == once


@pytest.mark.parametrize(
    "model",
    [
        {},
        {"type": "notebook"},
        {"type": "notebook", "content": None},
        {"type": "file", "format": "text", "content": VIEW},
        {"type": "directory", "content": []},
    ],
)
def test_other_saves_pass_untouched(hook, model):
    before = copy.deepcopy(model)
    hook(model=model, path="a", contents_manager=None)
    assert model == before


@pytest.mark.parametrize("content", ["not a notebook", {"cells": [None]}, {"cells": 7}, {"metadata": None}])
def test_a_save_is_never_broken(hook, content, caplog):
    with caplog.at_level(logging.WARNING):
        hook(model={"type": "notebook", "content": content}, path="odd.ipynb")
    assert len(caplog.records) == 1
    assert "odd.ipynb" in caplog.text and "\n" not in caplog.records[0].getMessage()


def test_jupyters_default_contents_manager_runs_it(settings, tmp_path):
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from jupyter_server.serverapp import ServerApp

    manager = ServerApp().contents_manager_class(root_dir=str(tmp_path), config=settings[0])
    save = manager.save({"type": "notebook", "content": notebook()}, "saved.ipynb")
    with ThreadPoolExecutor(1) as other:  # a browser test of the same run may hold this thread's event loop
        other.submit(asyncio.run, save).result()
    text = (tmp_path / "saved.ipynb").read_text(encoding="utf-8")
    assert "kept</figure>" in text and VIEW not in text


def test_the_part_that_asks_about_news_is_left_out(settings):
    change = settings[0].ServerApp.tornado_settings.get_value({})["page_config_hook"]
    page = {"disabledExtensions": ["another"], "baseUrl": "/"}
    announcements = "@jupyterlab/apputils-extension:announcements"
    assert change(None, page) == {"disabledExtensions": ["another", announcements], "baseUrl": "/"}
    assert change(None, {})["disabledExtensions"] == [announcements]


def test_a_kernel_can_tell(settings):
    assert settings[1]["os"].environ["COURSE_CLEAN_SAVES"] == "1"
