// The live host: anywidget in JupyterLab, with a kernel behind it.
let courseViews = 0;

// A control keeps its keys from JupyterLab (see below), but saving must work from everywhere.
if (!window.courseSavesFromControls) {
  window.courseSavesFromControls = true;
  window.addEventListener("keydown", (event) => {
    const held = event.target.closest?.(".course [data-lm-suppress-shortcuts]");
    if (!held || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    held.removeAttribute("data-lm-suppress-shortcuts");
    setTimeout(() => held.setAttribute("data-lm-suppress-shortcuts", "true"));
  }, true);
}

export default {
  render({ model, el }) {
    const kind = model.get("data").kind;
    const uid = `course-${Date.now().toString(36)}-${(courseViews += 1)}`;
    el.innerHTML = model.get("markup").replaceAll("__uid__", uid);
    const root = el.firstElementChild;
    const waiting = new Map();
    let turn = 0;
    let moved = () => {};

    const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const day = (at) => new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    const line = Object.assign(document.createElement("p"), { className: "saved" });
    line.setAttribute("aria-live", "polite"); // empty until there is something to say, and there from the start
    root.append(line);
    const tell = (text) => { line.textContent = text; };

    const onMessage = (message) => {
      const mine = waiting.get(message.turn);
      waiting.delete(message.turn);
      if (mine?.kept) mine.kept(message);
      else if (mine) { message.trouble ? mine.reject(new Error(message.trouble)) : mine.resolve(message); }
      else if (message.parts) { course.patch(root, message.parts); moved(message.positions); }
    };
    model.on("msg:custom", onMessage);

    const host = {
      data: model.get("data"),
      uid,
      live: true,
      ask(positions) {
        turn += 1;
        const mine = `${uid}-${turn}`;
        return new Promise((resolve, reject) => {
          waiting.set(mine, { resolve, reject });
          model.send({ turn: mine, positions });
          setTimeout(() => {
            if (waiting.delete(mine)) {
              reject(new Error("The kernel does not answer. If it is busy, wait; if it was stopped, choose Run ▸ Run All Cells."));
            }
          }, 20000);
        });
      },
      onPositions(listener) { moved = listener; },
      // Asks the kernel for something of this display: a promise of its reply. No time limit: a busy kernel answers late.
      request(content) {
        turn += 1;
        const mine = `${uid}-${turn}`;
        return new Promise((resolve, reject) => {
          waiting.set(mine, { resolve, reject });
          try {
            model.send({ turn: mine, request: content });
          } catch {
            waiting.delete(mine);
            reject(new Error("There is no kernel. Choose Run ▸ Run All Cells, then try again."));
          }
        });
      },
      // The page says "saved" only after the kernel has answered that it is on the disk.
      remember(subject, value) {
        turn += 1;
        const mine = `${uid}-${turn}`;
        const gone = "Not saved: the kernel was stopped or restarted. Choose Run ▸ Run All Cells, then answer again.";
        // A kernel that was restarted knows nothing of what was on its way to the one before.
        const watch = setInterval(() => {
          if (model.comm_live !== false) return;
          clearInterval(watch);
          if (waiting.delete(mine)) tell(gone);
        }, 1000);
        const late = setTimeout(() => tell("Not saved yet: the kernel is busy. It is saved when the kernel is free, unless it is restarted before."), 1500);
        const done = () => { clearTimeout(late); clearInterval(watch); };
        waiting.set(mine, {
          kept({ kept, trouble }) {
            done();
            tell(trouble || `Saved at ${clock(kept)}.`);
          },
        });
        try {
          model.send({ turn: mine, keep: subject, value });
        } catch {
          done();
          waiting.delete(mine);
          tell(gone);
        }
      },
      recall(subject) {
        const before = model.get("answers")[subject];
        if (before) tell(`Your answer of ${day(before.at)}, ${clock(before.at)}, is back.`);
        return before?.value ?? null;
      },
    };

    // A section of another notebook: JupyterLab opens it, by the command of links in Markdown. It finds what to do
    // in the attributes when the click reaches the page's body.
    const inJupyter = (link, event) => {
      const here = model.widget_manager?.context?.path ?? decodeURIComponent(location.pathname.split("/tree/")[1] ?? "");
      if (!here) {
        event.preventDefault();
        tell(`It is in ${link.dataset.notebook}.`);
        return;
      }
      const folder = here.slice(0, here.lastIndexOf("/") + 1);
      const id = link.dataset.section ? `#${decodeURIComponent(link.dataset.section)}` : "";
      link.setAttribute("data-commandlinker-command", "rendermime:handle-local-link");
      link.setAttribute("data-commandlinker-args", JSON.stringify({ path: folder + link.dataset.notebook, id, scope: "server" }));
      if (id) seek(id.slice(1), root.closest(".jp-NotebookPanel"), 75);
    };
    // JupyterLab jumps to the section before the notebook is drawn, and so not at all.
    const seek = (id, from, tries) => {
      const found = [...document.querySelectorAll(`.jp-NotebookPanel:not(.lm-mod-hidden) [data-jupyter-id="${CSS.escape(id)}"]`)]
        .find((heading) => heading.closest(".jp-NotebookPanel") !== from);
      found?.scrollIntoView({ block: "start" });
      // Once more when what stands above has its height.
      if (found) setTimeout(() => found.scrollIntoView({ block: "start" }), 600);
      else if (tries) setTimeout(() => seek(id, from, tries - 1), 200);
    };

    course.common(root);
    course.kinds[kind](root, host);
    // JupyterLab takes arrow keys, Enter and Space from whatever is focused, unless it says so itself.
    const keepKeys = () => root.querySelectorAll("a, button, input, select, summary, textarea, [tabindex]")
      .forEach((node) => node.setAttribute("data-lm-suppress-shortcuts", "true"));
    keepKeys();
    new MutationObserver(keepKeys).observe(root, { childList: true, subtree: true });
    root.addEventListener("click", (event) => {
      const elsewhere = event.target.closest("a[data-notebook]");
      if (elsewhere) return inJupyter(elsewhere, event);
      const link = event.target.closest('a[href^="#"]');
      if (!link) return;
      event.preventDefault();
      const slug = decodeURIComponent(link.getAttribute("href").slice(1));
      const page = root.closest(".jp-NotebookPanel") ?? document;
      const heading = page.querySelector(`[data-jupyter-id="${CSS.escape(slug)}"], #${CSS.escape(slug)}`);
      if (heading) heading.scrollIntoView({ block: "start" });
      else if (link.dataset.chapter) tell(`“${link.textContent}” is a section of chapter ${link.dataset.chapter}.`);
    });
    if (kind === "explorer") model.send({ ask: "all", turn: "" });
    return () => model.off("msg:custom", onMessage);
  },
};
