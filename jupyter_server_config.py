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
"""

import functools
import logging
import os
import warnings

from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
ANNOUNCEMENTS = "@jupyterlab/apputils-extension:announcements"


def clean_notebook(content):
    """Take out what cannot be shown once the kernel is gone; leave everything else as it is.

    A stored widget view is only a reference to a model in a live kernel: reopened the next day, it would
    show "Error displaying widget: model not found" in place of the stored picture or text.
    """
    content.get("metadata", {}).pop("widgets", None)
    for cell in content.get("cells", []):
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
            output.get("metadata", {}).pop(WIDGET_VIEW, None)


def clean_on_save(model, path="", contents_manager=None, **kwargs):
    try:
        if model.get("type") == "notebook" and model.get("content"):
            clean_notebook(model["content"])
    except Exception as error:  # A learner's work is saved, whatever happens here.
        log = getattr(contents_manager, "log", None) or logging.getLogger(__name__)
        log.warning("Saved %s as it was: its widget views could not be taken out (%s)", path, error)


def without_announcements(handler, page_config):
    disabled = page_config.get("disabledExtensions", [])
    return {**page_config, "disabledExtensions": [*disabled, ANNOUNCEMENTS]}


def without_delay(open_socket):
    @functools.wraps(open_socket)
    async def opened(handler, *args, **kwargs):
        await open_socket(handler, *args, **kwargs)
        if handler.ws_connection is not None:
            handler.set_nodelay(True)

    return opened


c = get_config()  # noqa: F821  (Jupyter puts this function in reach when it reads the file)

# The base class: its setting holds for every contents manager, the asynchronous default one included.
c.ContentsManager.pre_save_hook = clean_on_save
# Jupyter sets the hook twice and warns of the second time, which would only worry a newcomer.
warnings.filterwarnings("ignore", message="Overriding existing pre_save_hook")

# JupyterLab asks every newcomer about news, whatever LabApp.news_url says; a setting can answer it, but only
# in files of the environment or of the person. So the page that is sent leaves out the part that asks, which
# also looks for updates. (JupyterHub puts its own hook in this place: there, an administrator's
# overrides.json with "fetchNews": "false" does it.)
c.ServerApp.tornado_settings.update({"page_config_hook": without_announcements})

os.environ["COURSE_CLEAN_SAVES"] = "1"

# Small messages follow each other closely when a slider moves; without this, each second one waits up to 40 ms for
# the network to confirm the first (Nagle's algorithm).
KernelWebsocketHandler.open = without_delay(KernelWebsocketHandler.open)
