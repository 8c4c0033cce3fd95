// After Run All Cells JupyterLab stands at the last cell. The reader comes back to the top, once, unless she has
// moved by then.
course.settle = (root) => {
  const panel = root.closest(".jp-NotebookPanel");
  const scroller = panel?.querySelector(".jp-WindowedPanel-outer");
  if (!scroller) return;
  let moved = false;
  const own = () => { moved = true; };
  const kinds = ["wheel", "touchmove", "keydown", "pointerdown"];
  kinds.forEach((kind) => panel.addEventListener(kind, own, { capture: true, passive: true }));
  const began = Date.now();
  let idle = 0;
  const watch = setInterval(() => {
    const cells = panel.querySelectorAll(".jp-Notebook .jp-Cell");
    const last = cells[cells.length - 1];
    const atEnd = last?.matches(".jp-mod-active");
    const done = panel.querySelector('.jp-Notebook-ExecutionIndicator[data-status="idle"]');
    idle = atEnd && done ? idle + 1 : 0;
    if (!moved && Date.now() - began < 120_000 && root.isConnected && idle < 3) return;
    clearInterval(watch);
    kinds.forEach((kind) => panel.removeEventListener(kind, own, { capture: true }));
    if (moved || !root.isConnected || idle < 3) return;
    const cell = root.closest(".jp-Cell");
    const press = (kind) => cell.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true, button: 0 }));
    press("mousedown");
    press("mouseup");
    // JupyterLab scrolls to the cell that it makes active; the title stands above it.
    let left = 10;
    const top = () => { scroller.scrollTop = 0; if ((left -= 1)) requestAnimationFrame(top); };
    top();
  }, 200);
};

// The code is folded. Whoever is curious opens all of it, and folds it again.
course.folds = (root) => {
  const button = root.querySelector('[data-action="code"]');
  if (!button) return;
  const command = (name) => {
    // JupyterLab runs the command that it finds in the attributes when the click reaches the page's body.
    const node = Object.assign(document.createElement("span"), { hidden: true });
    node.setAttribute("data-commandlinker-command", name);
    node.setAttribute("data-commandlinker-args", "{}");
    root.append(node);
    node.click();
    node.remove();
  };
  button.addEventListener("click", () => {
    const shown = button.getAttribute("aria-pressed") === "true";
    command(shown ? "notebook:hide-all-cell-code" : "notebook:show-all-cell-code");
    button.setAttribute("aria-pressed", String(!shown));
    button.textContent = shown ? "Show the code" : "Fold the code";
    if (!shown) return;
    // What a learner may change stays in sight: the calls of explorers.
    setTimeout(() => {
      root.closest(".jp-NotebookPanel").querySelectorAll(".jp-CodeCell:has([data-explorer]) .jp-InputPlaceholder .jp-Placeholder-content, .jp-CodeCell:has([data-explorer]) .jp-InputPlaceholder")
        .forEach((placeholder) => placeholder.click());
    }, 200);
  });
};

// Where the server forgets, the record can be taken along at once.
course.define("start", (root, host) => {
  course.present?.(root, host);
  course.settle(root);
  course.folds(root);
  const meanings = host.data.words ?? {};
  const panel = () => root.closest(".jp-NotebookPanel");
  if (host.live && panel()) {
    const dress = course.words(panel(), (anchor) => (Object.hasOwn(meanings, anchor) ? meanings[anchor] : null));
    let soon = 0;
    const look = new MutationObserver(() => {
      cancelAnimationFrame(soon);
      soon = requestAnimationFrame(() => (root.isConnected ? dress() : look.disconnect()));
    });
    look.observe(panel().querySelector(".jp-Notebook"), { childList: true, subtree: true });
  }
  const button = root.querySelector('[data-action="take"]');
  if (!button) return;
  const status = root.querySelector('[role="status"]');
  let busy = false;
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    status.textContent = "Preparing your record. If the kernel is busy, this waits for it.";
    try {
      const { events, files } = await host.request({ do: "export" });
      course.offer(root.querySelector('[data-role="files"]'), files);
      status.textContent = `Your record is ready: ${events} ${events === 1 ? "event" : "events"}. The links below save it on your device.`;
    } catch (problem) {
      status.textContent = problem.message;
    }
    busy = false;
  });
});
