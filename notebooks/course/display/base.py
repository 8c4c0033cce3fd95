"""One base for all that a learner sees beyond prose, and its three ways of showing.

A display is declared once and describes itself as plain data, its `spec`. From the spec, one template
per kind (`assets/templates/<kind>.html`) writes the markup of all three forms:

- live: an ipywidgets `DOMWidget` (through anywidget) in JupyterLab;
- offline: the same markup in a handout, brought to life by the same script without a kernel;
- stored: markup that needs no script and no style, for the notebook file, a preview and paper.

One script per kind (`assets/scripts/<kind>.js`) serves live and offline alike.
"""

from __future__ import annotations

import base64
import os
import re
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

import anywidget
import ipywidgets
import jinja2
import markupsafe
import traitlets

from ..arguments import CallError
from ..chapters.html import whole_dates
from ..files import ASSETS
from ..record import Event, log
from ..record.parts import fault
from .files import asset
from .markup import fixed_colours
from .palette import css_variables

SPEC_MIME = "application/vnd.is-ketamine-an-opioid.spec+json"
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"
UID = "__uid__"
NARROW = 520  # units of a picture up to which a phone shows all of it
SHOWN = 1.12  # CSS pixels to a unit of such a picture, where there is room
UNKNOWN = "The page sent something that the course does not know. Reload the page, then choose Run ▸ Run All Cells."

# Keys of every source that a display of this session has shown, for the chapter's reference list.
cited: dict[str, None] = {}


def collecting() -> bool:
    """Whether specs are being collected for handouts (the environment says so)."""
    return os.environ.get("COURSE_COLLECT") == "1"


class Display(anywidget.AnyWidget):
    """Something a learner sees. Subclasses give a `kind` and build a `spec`."""

    kind: ClassVar[str] = ""

    # The kind of event under which what a learner does here is kept; none where there is nothing to keep.
    keeps: ClassVar[str] = ""

    markup = traitlets.Unicode().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    asks: traitlets.List[str] = traitlets.List().tag(
        sync=True
    )  # the subjects, so that the page knows which display takes an answer

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kind" in cls.__dict__:  # not the copy that ipywidgets makes of the class for its traits
            cls._esm = live_script(cls.kind)
            cls._css = styles("live")

    def __init__(self, spec: dict[str, Any]):
        sign_views()
        self.spec = {"kind": self.kind, **spec}
        cited.update(dict.fromkeys(self.spec.get("cites", ())))
        super().__init__(
            markup=render(self.spec, "live", UID),
            data={"kind": self.kind, **self.spec.get("script", {})},
            asks=self.subjects(),
            answers={
                subject: _memory(event)
                for subject, event in log().latest(self.keeps, self.remembered()).items()
                if self.can_show(subject, event.value)
            },
        )
        self.on_msg(self._receive)

    def subjects(self) -> list[str]:
        """What a learner may answer here: the subjects of its events in the log."""
        return []

    def remembered(self) -> list[str]:
        """Those of the subjects whose earlier answers come back when the display is made."""
        return self.subjects()

    def can_show(self, subject: str, value: Any) -> bool:
        """Whether an earlier answer is one that this display can show: a record from elsewhere may hold anything."""
        return not fault(self.keeps, value)

    def entry(self, subject: str, value: Any) -> tuple[str, Any]:
        """The kind and the value of the event to write. Raises `ValueError` in words for the learner."""
        return self.keeps, value

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Answers every message of the page, whatever it holds and whatever goes wrong: a page that waits must hear."""
        turn = content.get("turn") if isinstance(content, dict) else None
        try:
            reply = self._routed(content)
        except (Exception, KeyboardInterrupt) as problem:
            reply = {"trouble": _in_words(problem)}
        try:
            self.send({**reply, "turn": turn})
        except (TypeError, ValueError) as problem:  # a reply that is no plain data
            self.send({"trouble": _in_words(problem), "turn": turn})

    def _routed(self, content: Any) -> dict[str, Any]:
        """The reply to a message, by what it holds."""
        for name, handler in self.handlers().items():
            if isinstance(content, dict) and name in content:
                return handler(content)
        raise ValueError(UNKNOWN)

    def handlers(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        """What this display answers: the name by which a message is known, and what replies to it."""
        return {"keep": self._keep, "request": self._request}

    def _keep(self, content: dict[str, Any]) -> dict[str, Any]:
        """The page hands over an answer; it is on the disk before the page is told so.

        id: made by the page, so that an answer which it sends again is kept once.
        """
        subject, event_id = content["keep"], content.get("id") or ""
        if not isinstance(subject, str) or subject not in self.subjects():
            raise ValueError("This answer is to nothing that stands here. Run the cell again, then answer again.")
        if not isinstance(event_id, str) or not re.fullmatch("([0-9a-f]{32})?", event_id):
            raise ValueError(UNKNOWN)
        kind, value = self.entry(subject, content.get("value"))
        event = log().write(kind, subject, value, event_id=event_id)
        if kind == self.keeps:
            self.answers = {**self.answers, subject: _memory(event)}
        return {"kept": event.at, "trouble": log().tell()}

    def respond(self, request: dict[str, Any]) -> dict[str, Any]:
        """What the kernel replies to `host.request(...)` of the page. Raises `ValueError` in words for the learner."""
        raise ValueError("This display answers no requests.")

    def _request(self, content: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(content["request"], dict):
            raise ValueError(UNKNOWN)
        return self.respond(content["request"])

    def offline_spec(self) -> dict[str, Any]:
        """The spec with all that the page needs without a kernel. Costly for explorers."""
        return self.spec

    def __repr__(self) -> str:
        return f"<{self.kind} {self.spec['id']}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # type: ignore[override]  # a bundle alone is enough
        bundle = {
            "text/plain": repr(self),
            "text/html": render(self.spec, "stored", ""),
            WIDGET_MIME: {"version_major": 2, "version_minor": 0, "model_id": self.model_id},
        }
        if collecting():
            bundle[SPEC_MIME] = self.offline_spec()
        return bundle


@cache
def sign_views() -> None:
    """From now on every widget's view says which process holds its model.

    By this, jupyter_server_config.py knows after a reload of the page whether a display can come back to life.
    """
    running = sys.modules.get("IPython")  # not there, and not needed, outside a kernel
    shell = running and running.get_ipython()
    if shell is None:
        return

    def signed(widget: ipywidgets.Widget) -> Any:
        found = widget._repr_mimebundle_(include=None, exclude=None)
        data = found[0] if isinstance(found, tuple) else found
        if data and WIDGET_MIME in data:
            data[WIDGET_MIME] = {**data[WIDGET_MIME], "kernel": os.getpid()}
        return found

    shell.display_formatter.mimebundle_formatter.for_type(ipywidgets.Widget, signed)


def _in_words(problem: BaseException) -> str:
    """What to tell the learner: a `ValueError` is in words for her, any other is a fault of the course."""
    if isinstance(problem, KeyboardInterrupt):
        return "The kernel was interrupted before it was done. Try again."
    if type(problem) is ValueError or isinstance(problem, CallError):
        return str(problem)
    about = f"{type(problem).__name__}: {str(problem)[:120]}"
    return f"This did not work, by a fault of the course ({about}). Your record is as it was. Please report it."


def _memory(event: Event) -> dict[str, Any]:
    return {"value": event.value, "at": event.at}


def render(spec: dict[str, Any], form: str, uid: str) -> str:
    """The markup of a spec. form: live, offline or stored. uid: unique on its page, '' when stored."""
    html = _environment().get_template(f"{spec['kind']}.html").render(spec=spec, form=form, uid=uid).strip()
    return html if form == "stored" else whole_dates(html)


@cache
def live_script(kind: str) -> str:
    """The ES module of one kind for anywidget: the base, the kind's own script, and the live host."""
    return "\n".join(asset(f"scripts/{name}.js") for name in ("base", kind, "outbox", "live"))


@cache
def styles(place: str) -> str:
    """The styles of all displays. place: live (follows JupyterLab's theme) or offline (the reader's)."""
    light, dark, forced = (css_variables(scheme) for scheme in ("light", "dark", "forced"))
    switch = {
        "live": f'[data-jp-theme-light="false"] .course {{ {dark} }}',
        "offline": f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}",
    }[place]
    where = {"live": ".course", "offline": ":root"}[place]
    high_contrast = f"@media (forced-colors: active) {{ {where}{where} {{ {forced} }} }}"
    return f"{where} {{ {light} }}\n{switch}\n{high_contrast}\n{asset('styles/course.css')}"


def picture_image(parts: dict[str, str], width: int, height: int) -> str:
    """A picture's parts as a `data:` address of an SVG image in the light theme's colors."""
    inner = fixed_colours("".join(parts.values()))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="DejaVu Sans, Verdana, sans-serif"><rect width="100%" height="100%" fill="#ffffff"/>{inner}</svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ASSETS / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["image"] = lambda chart: picture_image(chart["parts"], chart["width"], chart["height"])
    environment.filters["shown"] = lambda chart, side: round(chart[side] * (SHOWN if chart["width"] <= NARROW else 1))
    environment.filters["trusted"] = markupsafe.Markup
    return environment
