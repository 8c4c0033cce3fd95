// Live slides: what jupyterlab-slideshow leaves open. A way in, short texts in place of the prose, and the speaker's
// notes in a window of their own. Comes with the line at the top of each chapter.
course.present = (root, host) => {
  const box = root.querySelector('[data-role="present"]');
  const { texts, types } = host.data.slides ?? {};
  if (!box || !texts) return;
  const told = box.querySelector('[data-role="present-status"]');
  const panel = () => root.closest(".jp-NotebookPanel");
  const cells = () => [...panel().querySelectorAll(".jp-Notebook .jp-Cell")];
  const presenting = () => document.body.dataset.jpDeckMode === "presenting";
  let notes = null;

  // **bold** and *italic* of a short text, and its points; all else is only text.
  function inline(text, into) {
    for (const piece of text.split(/(\*\*.+?\*\*|\*.+?\*)/)) {
      const marked = piece.match(/^(\*{1,2})(.+)\1$/);
      into.append(marked ? Object.assign(document.createElement(marked[1].length > 1 ? "strong" : "em"), { textContent: marked[2] }) : piece);
    }
    return into;
  }
  function written(text) {
    const made = Object.assign(document.createElement("div"), { className: "course-slide-text" });
    for (const block of text.split(/\n\s*\n/).filter(Boolean)) {
      if (/^\s*(?:- |1\. )/.test(block)) {
        const list = document.createElement("ul");
        block.split(/^\s*(?:-|[0-9]+\.) /m).filter((line) => line.trim()).forEach((line) => list.append(inline(line.trim(), document.createElement("li"))));
        made.append(list);
      } else if (!block.startsWith("|")) made.append(inline(block.replace(/^## /, ""), document.createElement("p")));
    }
    return made;
  }
  // Gives each section its short text, where it has one; the style hides the prose while slides are shown.
  function shorten() {
    panel().querySelectorAll(".jp-MarkdownOutput > :is(h1, h2)").forEach((heading) => {
      const name = heading.textContent.replace(/¶$/, "").trim();
      if (!(name in texts) || heading.nextElementSibling?.matches(".course-slide-text")) return;
      const all = [texts[name]].flat().map(written);
      all.forEach((page, place) => { page.dataset.page = place; });
      heading.after(...(all.length ? all : [written("")]));
    });
  }

  // One question, or one page of a text, at a time. A case's story stands with each of its questions.
  const onScreen = () => panel()?.querySelector(".jp-Cell.jp-deck-mod-onscreen");
  const pagesOf = (cell) => {
    const questions = [...cell.querySelectorAll(".course.quiz .question, .course.claims .question")];
    return questions.length ? questions : [...cell.querySelectorAll(".course-slide-text")];
  };
  const at = new WeakMap();
  function turnTo(cell, place) {
    const pages = pagesOf(cell);
    at.set(cell, place);
    pages.forEach((page, index) => page.classList.toggle("course-later", index !== place));
    cell.querySelectorAll(".case[data-case]").forEach((story) => story.classList.toggle("course-later", story.dataset.case !== pages[place]?.dataset.case));
    const [box] = pages.slice(place);
    if (box?.matches(".question") && !box.querySelector(".course-reveal")) poll(box);
  }
  function poll(box) {
    const bar = Object.assign(document.createElement("div"), { className: "reveal-buttons" });
    const answer = Object.assign(document.createElement("div"), { className: "answer-shown", hidden: true });
    const whole = Object.assign(document.createElement("div"), { className: "course-reveal" });
    const item = box.courseItem ?? {};
    const show = Object.assign(document.createElement("button"), { type: "button", textContent: "Show the answer" });
    show.dataset.action = "show-answer";
    show.setAttribute("aria-expanded", "false");
    const why = document.createElement("p");
    why.innerHTML = item.why ?? ""; // written, and escaped, in Python
    answer.append(Object.assign(document.createElement("p"), { className: "key", textContent: box.courseKey?.() ?? "" }), why);
    show.addEventListener("click", () => {
      answer.hidden = !answer.hidden;
      show.setAttribute("aria-expanded", String(!answer.hidden));
      show.textContent = answer.hidden ? "Show the answer" : "Hide the answer";
      course.polls.mark(box, !answer.hidden);
    });
    bar.append(show);
    whole.append(bar, answer);
    box.append(whole);
    course.polls.dress(box, bar);
    whole.querySelectorAll("button").forEach((button) => button.setAttribute("data-lm-suppress-shortcuts", "true"));
  }
  let before = null;
  function arrive() {
    const cell = onScreen();
    if (!cell || cell === before) { if (cell && !at.has(cell) && pagesOf(cell).length) turnTo(cell, 0); return; }
    const all = cells();
    const back = before && all.indexOf(cell) < all.indexOf(before);
    before = cell;
    if (pagesOf(cell).length) turnTo(cell, back ? pagesOf(cell).length - 1 : 0);
  }
  // A slide has the keys again after each click; Escape leads back to it from a control, and from it out of the slides.
  const deck = () => onScreen()?.focus({ preventScroll: true });
  const FORWARD = ["ArrowRight", "ArrowDown", "PageDown", " "];
  const BACK = ["ArrowLeft", "ArrowUp", "PageUp"];
  function turn(event, step) {
    const cell = onScreen();
    const to = cell && at.has(cell) ? at.get(cell) + step : -1;
    if (!cell || to < 0 || to >= pagesOf(cell).length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    turnTo(cell, to);
    deck();
  }
  function key(event) {
    if (!root.isConnected || !presenting() || event.ctrlKey || event.metaKey || event.altKey || !panel()?.contains(onScreen())) return;
    const control = event.target.closest?.("input, select, textarea, button, summary, .dot");
    if (control && onScreen()?.contains(control)) {
      if (event.key !== "Escape" && !(event.key === "Enter" && control.matches("input"))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      deck();
      return;
    }
    if (FORWARD.includes(event.key)) turn(event, event.shiftKey ? -1 : 1);
    else if (BACK.includes(event.key)) turn(event, -1);
  }
  function keep(event) {
    if (!root.isConnected || !presenting() || !event.detail || !onScreen()?.contains(event.target)) return;
    if (event.target.closest('select, textarea, input[type="text"], input[type="number"]')) return;
    setTimeout(deck);
  }
  // The extension remembers that slides are on, and would open the next notebook as slides: it is told to forget.
  async function forget() {
    try {
      const { baseUrl = "/", token = "" } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
      const address = `${baseUrl}lab/api/settings/jupyterlab-slideshow:plugin`;
      const headers = { "Content-Type": "application/json", ...(token && { Authorization: `token ${token}` }) };
      const xsrf = document.cookie.match(/(?:^|; )_xsrf=([^;]+)/);
      if (xsrf) headers["X-XSRFToken"] = xsrf[1];
      const { raw } = await (await fetch(address, { headers })).json();
      const calm = raw.replace(/("active"\s*:\s*)true/, "$1false");
      if (calm !== raw) await fetch(address, { method: "PUT", headers, body: JSON.stringify({ raw: calm }) });
    } catch { /* then JupyterLab opens as it was left */ }
  }
  let forgetting = 0;

  // What the notebook says from the cell on the screen to the next slide.
  function told_here() {
    const all = cells();
    const at = all.findIndex((cell) => cell.matches(".jp-deck-mod-onscreen"));
    if (at < 0 || all.length !== types.length) return { at, pieces: at < 0 ? [] : [all[at]] };
    const end = types.findIndex((type, index) => index > at && type !== "skip");
    return { at, pieces: all.slice(at, end < 0 ? all.length : end) };
  }
  function note() {
    if (!notes || notes.closed) return;
    const page = notes.document;
    const { at, pieces } = told_here();
    const shown = types.map((type, index) => (type === "skip" ? -1 : index)).filter((index) => index >= 0);
    page.getElementById("place").textContent = at < 0 ? "The slides have not been started." : `Slide ${shown.indexOf(at) + 1} of ${shown.length}`;
    page.getElementById("notes").replaceChildren(...pieces.flatMap((cell) => [...cell.querySelectorAll(".jp-MarkdownOutput")]
      .map((node) => {
        const copy = page.importNode(node, true);
        copy.querySelectorAll(".course-slide-text, .jp-InternalAnchorLink").forEach((part) => part.remove());
        return copy;
      })));
  }
  function open() {
    if (elsewhere()) return;
    notes = window.open("", "course-speaker-notes", "width=900,height=700");
    if (!notes) { told.textContent = "The browser did not open a window for the notes: allow pop-ups for this page."; return; }
    const page = notes.document;
    page.title = "Speaker notes";
    page.documentElement.lang = "en";
    const style = Object.assign(page.createElement("style"), {
      textContent: ":root { color-scheme: light dark; } body { font: 18px/1.5 system-ui, sans-serif; max-width: 42em; margin: 1rem auto; padding: 0 1rem; } table { border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.8rem 0.2rem 0; }",
    });
    page.head.replaceChildren(Object.assign(page.createElement("title"), { textContent: "Speaker notes" }), style);
    page.body.replaceChildren(
      Object.assign(page.createElement("p"), { id: "place" }),
      Object.assign(page.createElement("main"), { id: "notes" }),
    );
    note();
  }

  // A copy of this line (New View for Output) stands outside the notebook: the slides are the notebook's.
  const elsewhere = () => {
    if (panel()) return false;
    told.textContent = "This is a copy of the line at the top of the chapter. Press the button in the notebook itself.";
    return true;
  };

  // The deck begins where the notebook stands: at the last cell after Run All Cells, which would be the last slide.
  function begin() {
    if (elsewhere()) return;
    const toggle = panel().querySelector('[data-jp-item-name="deck"] :is(jp-button, button)');
    if (!toggle) {
      told.textContent = "This JupyterLab has no slides: install jupyterlab-slideshow, or open the offline slides (make slides).";
      return;
    }
    shorten();
    const [first] = cells();
    const press = (node, kind) => node.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true, button: 0 }));
    press(first, "mousedown");
    press(first, "mouseup");
    // JupyterLab's buttons act when the mouse goes down.
    requestAnimationFrame(() => press(toggle, "mousedown"));
  }

  box.querySelector('[data-action="slides"]').addEventListener("click", begin);
  box.querySelector('[data-action="notes"]').addEventListener("click", open);
  addEventListener("keydown", key, true);
  document.addEventListener("click", keep);
  let soon = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(soon);
    soon = requestAnimationFrame(() => {
      if (!root.isConnected || !panel()) return;
      if (presenting()) {
        shorten();
        arrive();
        if (!forgetting) forgetting = setTimeout(forget, 1500);
      } else if (forgetting) {
        clearTimeout(forgetting);
        [forgetting, before] = [0, null];
        panel().querySelectorAll(".course-reveal").forEach((node) => {
          course.polls.undress(node.parentElement);
          node.remove();
        });
      }
      note();
    });
  }).observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-deck-mode"], subtree: true });
};
