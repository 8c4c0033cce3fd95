"""A learner's own saves hold no reference to a widget model that will be gone tomorrow."""

import asyncio
import copy
import json
import logging
import os
import runpy
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.contents.handlers import ContentsHandler
from jupyter_server.services.contents.manager import ContentsManager
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from jupyterlab_server.handlers import LabHandler
from tornado.web import HTTPError
from traitlets.config import Config

CONFIG = Path(__file__).resolve().parents[2] / "jupyter_server_config.py"
VIEW = "application/vnd.jupyter.widget-view+json"


PATCHED = [
    (ContentsManager, "run_pre_save_hooks"),
    (ContentsHandler, "get"),
    (ContentsHandler, "_finish_model"),
    (LabHandler, "get_page_config"),
    (KernelWebsocketHandler, "open"),
]


def run(monkeypatch, path=CONFIG):
    """The config file, run as Jupyter runs it; what it adds to Jupyter is taken away after the test."""
    monkeypatch.setenv("COURSE_CLEAN_SAVES", "")
    for owner, name in PATCHED:
        if name in vars(owner):
            monkeypatch.setattr(owner, name, vars(owner)[name])
    c = Config()
    names = runpy.run_path(str(path), init_globals={"get_config": lambda: c})
    return c, names


@pytest.fixture()
def settings(monkeypatch):
    return run(monkeypatch)


@pytest.fixture()
def hook(settings):
    return settings[1]["clean_on_save"]


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
    made.metadata["course"] = {"minutes": {}}
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


OURS = {"metadata": {"course": {}}}


@pytest.mark.parametrize(
    "content", [{**OURS, "cells": [None]}, {**OURS, "cells": 7}, {**OURS, "cells": [{"outputs": [{"data": 1}]}]}]
)
def test_a_save_is_never_broken(hook, content, caplog):
    with caplog.at_level(logging.WARNING):
        hook(model={"type": "notebook", "content": content}, path="odd.ipynb")
    assert len(caplog.records) == 1
    assert "odd.ipynb" in caplog.text and "\n" not in caplog.records[0].getMessage()


@pytest.mark.parametrize(
    "metadata", [{}, {"course": True}, {"course": "x"}, {"widgets": {"state": {}}}, None], ids=json.dumps
)
def test_a_notebook_that_is_not_of_the_course_is_left_as_it_is(hook, metadata, caplog):
    made = json.loads(json.dumps(notebook()))
    made["metadata"] = metadata
    before = copy.deepcopy(made)
    hook(model={"type": "notebook", "content": made}, path="own.ipynb")
    assert made == before and not caplog.records


@pytest.mark.parametrize("path", sorted(CONFIG.parent.glob("*/**/*.ipynb")), ids=lambda path: path.name)
def test_every_notebook_of_the_course_says_that_it_is_one(settings, path):
    if (
        "build" in path.parts
        or ".ipynb_checkpoints" in path.parts
        or any(part.startswith(".venv") for part in path.parts)
    ):
        pytest.skip("not of the course's source")
    assert settings[1]["of_the_course"]({"type": "notebook", "content": json.loads(path.read_text(encoding="utf-8"))})


def manager_of(config, folder):
    return ServerApp().contents_manager_class(root_dir=str(folder), config=config)


def saved(manager, path="saved.ipynb", content=None):
    """The text of the file after a save by Jupyter's default contents manager."""
    work = manager.save({"type": "notebook", "content": content or notebook()}, path)
    with ThreadPoolExecutor(1) as other:  # a browser test of the same run may hold this thread's event loop
        other.submit(asyncio.run, work).result()
    return (Path(manager.root_dir) / path).read_text(encoding="utf-8")


def test_jupyters_default_contents_manager_runs_it(settings, tmp_path, recwarn):
    text = saved(manager_of(settings[0], tmp_path))
    assert "kept</figure>" in text and VIEW not in text
    assert not [warning for warning in recwarn if "pre_save_hook" in str(warning.message)], (
        "a warning worries a newcomer"
    )


@pytest.mark.parametrize("cls", ["ContentsManager", "FileContentsManager", "AsyncLargeFileManager"])
def test_a_person_s_own_hook_keeps_running(settings, tmp_path, cls):
    """Whichever file is read later, and on whichever class it is set."""
    calls = []

    def own(model, path, contents_manager, **kwargs):
        calls.append(path)
        model["content"]["metadata"]["own"] = True

    for order in ((settings[0], {cls: {"pre_save_hook": own}}), ({cls: {"pre_save_hook": own}}, settings[0])):
        both = Config()
        for each in order:
            both.merge(Config(copy.deepcopy(each)))
        text = saved(manager_of(both, tmp_path))
        assert '"own": true' in text and VIEW not in text
    assert calls == ["saved.ipynb", "saved.ipynb"]


def test_a_hook_that_refuses_a_save_still_refuses_it(settings, tmp_path):
    def refuse(**kwargs):
        raise HTTPError(403, "not here")

    both = Config(copy.deepcopy(settings[0]))
    both.ContentsManager.pre_save_hook = refuse
    with pytest.raises(HTTPError):
        saved(manager_of(both, tmp_path))


def test_nothing_of_the_server_s_settings_is_replaced(settings):
    """Neither a person's tornado_settings, nor those of a JupyterHub, which looks into them; nor warnings."""
    assert "tornado_settings" not in settings[0].ServerApp and "ContentsManager" not in settings[0]
    assert "log_function" not in settings[0].ServerApp.get("tornado_settings", {})


def test_no_warning_is_hushed(monkeypatch):
    before = list(warnings.filters)
    run(monkeypatch)
    assert list(warnings.filters) == before


def test_the_part_that_asks_about_news_is_left_out(monkeypatch):
    page = {"disabledExtensions": ["another"], "baseUrl": "/"}
    monkeypatch.setattr(LabHandler, "get_page_config", lambda handler: dict(page))
    run(monkeypatch)
    announcements = "@jupyterlab/apputils-extension:announcements"
    assert LabHandler.get_page_config(None) == {"disabledExtensions": ["another", announcements], "baseUrl": "/"}
    page.clear()
    assert LabHandler.get_page_config(None)["disabledExtensions"] == [announcements]


def ours(owner, name):
    """Whether a method is the one of the config file."""
    method = owner.__dict__.get(name)
    return getattr(getattr(method, "__code__", None), "co_filename", "") == str(CONFIG)


def works(config, folder):
    """Which of the additions work now."""
    return {
        "saves": VIEW not in saved(manager_of(config, folder)) and os.environ["COURSE_CLEAN_SAVES"] == "1",
        "reload": ours(ContentsHandler, "get") and ours(ContentsHandler, "_finish_model"),
        "news": ours(LabHandler, "get_page_config"),
        "nodelay": ours(KernelWebsocketHandler, "open"),
    }


@pytest.mark.parametrize(
    ("owner", "name", "costs"),
    [
        (ContentsManager, "run_pre_save_hooks", set()),
        (ContentsHandler, "_finish_model", {"reload"}),
        (LabHandler, "get_page_config", {"news"}),
        (KernelWebsocketHandler, "open", {"nodelay"}),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_method_that_jupyter_renames_costs_one_addition(monkeypatch, tmp_path, caplog, owner, name, costs):
    """The saves stay clean in any case: where hooks cannot be added, by the setting."""
    method = owner.__dict__[name]
    monkeypatch.setattr(owner, f"{name}_renamed", method, raising=False)
    if owner is ContentsManager:  # its own callers call the new name
        monkeypatch.setattr(owner, name, method)
        real = runpy.run_path

        def without(path, init_globals):
            monkeypatch.delattr(owner, name)
            try:
                return real(path, init_globals)
            finally:
                monkeypatch.setattr(owner, name, method, raising=False)

        monkeypatch.setattr(runpy, "run_path", without)
    else:
        monkeypatch.delattr(owner, name)
    config, _ = run(monkeypatch)
    found = works(config, tmp_path)
    assert {what for what, fine in found.items() if not fine} == costs
    assert "Not with this version of Jupyter" in caplog.text


@pytest.mark.parametrize("module", sorted({owner.__module__ for owner, _ in PATCHED} - {ContentsManager.__module__}))
def test_a_module_that_jupyter_moves_stops_no_server(monkeypatch, tmp_path, module):
    monkeypatch.setitem(sys.modules, module, None)
    config, _ = run(monkeypatch)
    assert VIEW not in saved(manager_of(config, tmp_path))
    assert os.environ["COURSE_CLEAN_SAVES"] == "1"


def test_a_page_that_is_reloaded_gets_its_displays_back_from_the_kernel_that_still_holds_them(settings):
    names = settings[1]
    made = notebook()
    made.cells[1].outputs[0].data[VIEW] = {"model_id": "held", "kernel": 41}
    made.cells[1].outputs[1].data[VIEW] = {"model_id": "of a kernel before", "kernel": 40}
    before = copy.deepcopy(made.cells[1].outputs[0].data)
    model = {"type": "notebook", "path": "a.ipynb", "content": made}
    names["clean_on_save"](model=model, path="/a.ipynb")
    clean = copy.deepcopy(model)
    names["put_back"](model, {40_000})
    assert model == clean, "no kernel holds them"
    names["put_back"](model, {41})
    ours, plain, _ = made.cells[1].outputs
    assert ours.data == before and VIEW not in plain.data
    again = copy.deepcopy(clean)
    again["content"]["cells"][1]["outputs"][0]["data"]["text/html"] = "of another version"
    held = copy.deepcopy(again)
    names["put_back"](again, {41})
    assert again == held, "the file is another one"


def test_a_kernel_can_tell(settings):
    assert settings[1]["os"].environ["COURSE_CLEAN_SAVES"] == "1"
