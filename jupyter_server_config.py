"""Settings of the course's Jupyter server: clean saves, and no question in a newcomer's way.

For safety, Jupyter reads no settings from the folder it is started in. It has to be told of these:

* `make lab` puts this folder on JUPYTER_CONFIG_PATH;
* conda and pip: `jupyter lab --config=jupyter_server_config.py`;
* Binder: `postBuild` copies this file into the environment's `etc/jupyter/`;
* JupyterHub, everybody, from the first session on: an administrator copies this file (it imports nothing
  from the course) into `etc/jupyter/` of the single-user servers' environment, or into `/etc/jupyter/`;
* JupyterHub, with the clone at a known place: `c.Spawner.environment = {"JUPYTER_CONFIG_PATH": "..."}`,
  read when a single-user server starts;
* JupyterHub, without an administrator: copy this file into `~/.jupyter/` and restart the server.

A kernel can tell whether these settings are in force: COURSE_CLEAN_SAVES is then "1" in its environment.

The file acts on a whole server, so it replaces no setting of anybody: it adds to what the server does, and only for
notebooks of the course, which say so in their metadata ("course"). Each addition stands alone in a guard: where a later
Jupyter has renamed what it needs, that one is missing, the log says so, and all else works.
"""

import functools
import hashlib
import json
import logging
import os

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
ANNOUNCEMENTS = "@jupyterlab/apputils-extension:announcements"
LOG = logging.getLogger("is-ketamine-an-opioid")

# What was taken out of notebooks at their last save, by path: a page that is reloaded while the kernel still runs gets
# it back.
taken_out = {}


def of_the_course(model):
    """Whether a model of the contents manager is a notebook of the course, whole."""
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return False
    metadata = content.get("metadata")
    return isinstance(metadata, dict) and isinstance(metadata.get("course"), dict)


def outputs_of(content):
    for cell in content.get("cells", []):
        for place, output in enumerate(cell.get("outputs", [])):
            yield (cell.get("id"), place), output


def clean_notebook(content):
    """Take out what cannot be shown once the kernel is gone; leave everything else as it is. Returns the views.

    A stored widget view is only a reference to a model in a live kernel: reopened the next day, it would
    show "Error displaying widget: model not found" in place of the stored picture or text.
    """
    content.get("metadata", {}).pop("widgets", None)
    views = {}
    for place, output in outputs_of(content):
        view = output.get("data", {}).pop(WIDGET_VIEW, None)
        output.get("metadata", {}).pop(WIDGET_VIEW, None)
        if view:
            views[place] = view, mark(output["data"])
    return views


def mark(data):
    """By which an output is known again; a file holds a text as a list of its lines."""
    texts = {kind: "".join(text) if isinstance(text, list) else text for kind, text in data.items()}
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


def clean_on_save(model, path="", contents_manager=None, **kwargs):
    try:
        if of_the_course(model):
            taken_out[path.strip("/")] = clean_notebook(model["content"])
    except Exception as error:  # A learner's work is saved, whatever happens here.
        log = getattr(contents_manager, "log", None) or LOG
        log.warning("Saved %s as it was: its widget views could not be taken out (%s)", path, error)


def put_back(model, kernels):
    """For a page that is reloaded: the views whose models a running kernel still holds. kernels: process ids.

    The course notes in each view the process that made it, so that no view of a kernel that was restarted returns.
    """
    views = taken_out.get(str(model.get("path", "")).strip("/"))
    if not views or not of_the_course(model):
        return
    for place, output in outputs_of(model["content"]):
        view, known_by = views.get(place, (None, None))
        if view and view.get("kernel") in kernels and mark(output.get("data", {})) == known_by:
            output["data"] = {**output["data"], WIDGET_VIEW: view}


# -- additions, each alone in a guard --------------------------------------------------------------------------


def cleaning(run_hooks):
    @functools.wraps(run_hooks)
    def run(manager, model, path, **kwargs):
        result = run_hooks(manager, model=model, path=path, **kwargs)
        clean_on_save(model=model, path=path, contents_manager=manager)
        return result

    return run


def clean_beside_other_hooks():
    """After a person's own pre_save_hook, wherever it is set; so that setting stays hers."""
    from jupyter_server.services.contents.manager import ContentsManager

    ContentsManager.run_pre_save_hooks = cleaning(vars(ContentsManager)["run_pre_save_hooks"])


def clean_by_the_setting():
    """Where the addition above does not fit: by the setting, which holds one hook only."""
    c.ContentsManager.pre_save_hook = clean_on_save


def show_again_after_a_reload():
    from jupyter_server.services.contents.handlers import ContentsHandler

    def asking(get):
        @functools.wraps(get)
        async def got(handler, path=""):
            try:
                handler.course_kernels = await kernels_of(handler, path)
            except Exception as error:
                LOG.warning("The displays of %s stay pictures after a reload (%s)", path, error)
            return await get(handler, path)

        return got

    def putting_back(finish):
        @functools.wraps(finish)
        def finished(handler, model, *args, **kwargs):
            try:
                put_back(model, getattr(handler, "course_kernels", ()))
            except Exception as error:
                LOG.warning("The displays stay pictures after a reload (%s)", error)
            return finish(handler, model, *args, **kwargs)

        return finished

    get, finish = vars(ContentsHandler)["get"], vars(ContentsHandler)["_finish_model"]
    ContentsHandler.get, ContentsHandler._finish_model = asking(get), putting_back(finish)


async def kernels_of(handler, path):
    """Process ids of the kernels that run this notebook now."""
    if path.strip("/") not in taken_out:
        return set()
    sessions = await handler.session_manager.list_sessions()
    ids = {each["kernel"]["id"] for each in sessions if each["path"].strip("/") == path.strip("/") and each["kernel"]}
    return {handler.kernel_manager.get_kernel(kernel_id).provisioner.pid for kernel_id in ids} - {None}


def without_announcements(page_config):
    disabled = page_config.get("disabledExtensions", [])
    return {**page_config, "disabledExtensions": [*disabled, ANNOUNCEMENTS]}


def no_news_question():
    """JupyterLab asks every newcomer about news, whatever LabApp.news_url says. So the page that is sent leaves out the
    part that asks, which also looks for updates. (Not by tornado_settings: assigning it takes a person's own away, and
    updating it stops every server of a JupyterHub.)
    """
    from jupyterlab_server.handlers import LabHandler

    page_config = vars(LabHandler)["get_page_config"]
    LabHandler.get_page_config = functools.wraps(page_config)(
        lambda handler: without_announcements(page_config(handler))
    )


def no_waiting_between_small_messages():
    """Small messages follow each other closely when a slider moves; without this, each second one waits up to 40 ms for
    the network to confirm the first (Nagle's algorithm).
    """
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

    open_socket = vars(KernelWebsocketHandler)["open"]

    @functools.wraps(open_socket)
    async def opened(handler, *args, **kwargs):
        await open_socket(handler, *args, **kwargs)
        try:
            if handler.ws_connection is not None:
                handler.set_nodelay(True)
        except Exception as error:
            LOG.warning("Messages to the kernel may wait for each other (%s)", error)

    KernelWebsocketHandler.open = opened


def the_course_for_moved_notebooks():
    """A notebook that was moved out of `notebooks/` still finds the course, where this file lies in its folder."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "notebooks")
    if os.path.isdir(os.path.join(folder, "course")):
        paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != folder]
        os.environ["PYTHONPATH"] = os.pathsep.join([*paths, folder])


def added(addition):
    """Makes one addition; returns whether it fits this Jupyter."""
    try:
        addition()
        return True
    except Exception as error:
        LOG.warning("Not with this version of Jupyter: %s (%s)", addition.__name__.replace("_", " "), error)
        return False


c = get_config()  # noqa: F821  (Jupyter puts this function in reach when it reads the file)

if added(clean_beside_other_hooks) or added(clean_by_the_setting):
    os.environ["COURSE_CLEAN_SAVES"] = "1"
added(show_again_after_a_reload)
added(no_news_question)
added(no_waiting_between_small_messages)
added(the_course_for_moved_notebooks)
