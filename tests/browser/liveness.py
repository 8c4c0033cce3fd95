"""Displays as a front end shows them, with Python behind them and a kernel that a test can stop, cut or keep busy."""

from __future__ import annotations

import json

from course.display import Display, styles
from course.display.base import live_script

PAGE = (
    "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Live</title>"
    "<style>{}</style></head><body data-jp-theme-light='true'><main><h1>Chapter</h1></main></body></html>"
)
SCRIPT = """() => {
window.kernelState = { id: "one", status: "idle", connectionStatus: "connected", serverSettings: { baseUrl: "/" } };
window.models = {};
window.modelOf = (which, state) => {
  const listeners = {};
  const fire = (name, ...what) => (listeners[name] ?? []).forEach((listen) => listen(...what));
  const kernel = { ...window.kernelState };
  const model = {
    state,
    deaf: false, // what is sent arrives nowhere
    gone: false, // as after a restart: the comm is closed
    get: (name) => model.state[name],
    on: (name, listen) => { (listeners[name] ??= []).push(listen); },
    off: (name, listen) => { listeners[name] = (listeners[name] ?? []).filter((other) => other !== listen); },
    fire,
    kernel,
    widget_manager: { kernel, context: { path: "notebooks/test.ipynb" } },
    send(content) {
      if (model.gone) throw new Error("Cannot send");
      if (model.deaf) return;
      window.kernel(which, content).then(JSON.parse).then(({ messages, data, answers }) => {
        for (const [name, value] of Object.entries({ data, answers })) {
          if (JSON.stringify(value) === JSON.stringify(model.state[name])) continue;
          model.state[name] = value;
          fire(`change:${name}`);
        }
        messages.forEach((message) => fire("msg:custom", message));
      });
    },
  };
  return model;
};
window.open_view = async (which, esm, state) => {
  const model = (window.models[which] ??= window.modelOf(which, state));
  const el = document.querySelector("main").appendChild(document.createElement("div"));
  el.dataset.view = which;
  const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  el.closeView = module.default.render({ model, el });
};
}"""


def other_setting(place) -> None:
    """Moves the explorer `occupancy` where only a kernel can: of a folded setting, no view was fetched ahead."""
    more = place.locator("details.more-settings")
    if more.get_attribute("open") is None:
        more.locator("summary").click()
    values = place.locator('[data-control="mu_ki"] select')
    values.select_option(index=values.evaluate("node => (node.selectedIndex + 1) % node.length"))


class Front:
    """A page with views of displays. Names tell displays apart, as cells do."""

    def __init__(self, browser):
        self.page = browser.new_page(viewport={"width": 1000, "height": 900})
        self.views: dict[str, Display] = {}
        self.faults: list[str] = []
        self.asked: list[tuple[str, dict]] = []  # what reached the kernel, by whom
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.expose_function("kernel", self._kernel)
        self.page.route("**/*", lambda route: route.fulfill(body=PAGE.format(styles("live")), content_type="text/html"))
        self.begin()

    def begin(self) -> None:
        """The page, loaded anew: no view is open."""
        self.page.goto("http://course.test/")
        self.page.evaluate(SCRIPT)

    def _kernel(self, name: str, content: dict) -> str:
        self.asked.append((name, content))
        view, sent = self.views[name], []
        view.send = lambda reply: sent.append(reply)
        view._handle_custom_msg(content, [])
        return json.dumps({"messages": sent, "data": view.data, "answers": view.answers})

    def show(self, name: str, view: Display | None = None):
        """Opens a view, the first or one more, of the display of this name; returns where it stands."""
        view = self.views.setdefault(name, view)
        state = {key: getattr(view, key) for key in ("markup", "data", "answers", "asks")}
        self.page.add_style_tag(content=str(view._css))
        esm = view._esm if isinstance(view._esm, str) else live_script(view.kind)
        self.page.evaluate("([name, esm, state]) => open_view(name, esm, state)", [name, esm, state])
        return self.page.locator(f'[data-view="{name}"]').last

    def set(self, name: str, **values) -> None:
        """Changes what the page sees of its kernel: deaf, gone; status or connectionStatus."""
        self.page.evaluate(
            """([name, values]) => Object.entries(values).forEach(([key, value]) => {
                const model = models[name];
                (key in model ? model : model.kernel)[key] = value;
            })""",
            [name, values],
        )

    def fetched(self, name: str) -> None:
        """Waits until an explorer holds the views nearest to where it stands: it asks again when it has them."""
        for _ in range(200):
            if sum(who == name and content.get("request", {}).get("do") == "ahead" for who, content in self.asked) > 1:
                return
            self.page.clock.run_for(100)
            self.page.wait_for_timeout(50)
        raise AssertionError("nothing was fetched ahead")
