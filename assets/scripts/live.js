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

// How this view stands with its kernel: "" when it listens, "busy", "unreachable" or "stopped". A view belongs to the
// kernel that made it; a kernel that took its place knows nothing of it.
function courseConnection(model) {
  const manager = model.widget_manager;
  const mine = manager?.kernel?.id;
  let parted = false;
  const part = () => { parted = true; };
  model.on("comm_live_update", part);
  return {
    part,
    state() {
      if (parted) return "stopped";
      if (!manager || !("kernel" in manager)) return ""; // another front end does not say
      const { kernel } = manager;
      if (!kernel || kernel.isDisposed || ["dead", "terminating"].includes(kernel.status)) return "stopped";
      if (["restarting", "autorestarting"].includes(kernel.status) || (mine && kernel.id !== mine)) part();
      if (parted) return "stopped";
      if (kernel.connectionStatus !== "connected") return "unreachable";
      return kernel.status === "busy" ? "busy" : "";
    },
  };
}

export default {
  render({ model, el }) {
    const kind = model.get("data").kind;
    const uid = `course-${Date.now().toString(36)}-${(courseViews += 1)}`;
    el.innerHTML = model.get("markup").replaceAll("__uid__", uid);
    const root = el.firstElementChild;
    const connection = courseConnection(model);
    const waiting = new Map(); // by turn: what to do with the kernel's reply
    let turn = 0;
    let moved = () => {};

    const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const day = (at) => new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    const line = Object.assign(document.createElement("p"), { className: "saved" });
    line.setAttribute("aria-live", "polite"); // empty until there is something to say, and there from the start
    root.append(line);
    const tell = (text) => { line.textContent = text; };

    const onMessage = (message) => {
      const answer = waiting.get(message.turn);
      waiting.delete(message.turn);
      if (answer) answer(message);
      else if (message.parts) moved(message);
      else if (message.trouble && !message.turn) tell(message.trouble);
    };
    model.on("msg:custom", onMessage);

    // Sends and notes what to do with the reply. Returns the turn, or "" where no kernel takes it.
    const send = (content, answer) => {
      const mine = `${uid}-${(turn += 1)}`;
      waiting.set(mine, answer);
      try {
        model.send({ turn: mine, ...content });
        return mine;
      } catch {
        connection.part(); // the comm is closed: its kernel is gone
        waiting.delete(mine);
        return "";
      }
    };
    const GONE = "There is no kernel. Choose Run ▸ Run All Cells, then try again.";
    const LOST = "There is no connection to the kernel. Wait until it is back, or choose Run ▸ Run All Cells; then try again.";
    const SILENT = "The kernel does not answer. Choose Run ▸ Run All Cells, then try again.";
    const BUSY = "The kernel is busy. This goes on when it is free.";
    // Asks the kernel: a promise of its reply. A busy kernel answers late; one that is gone is told after 10 s at the latest.
    const exchange = (content) => new Promise((resolve, reject) => {
      let mine = "";
      let watch = 0;
      let idle = 0;
      const done = () => {
        clearInterval(watch);
        waiting.delete(mine);
        if (line.textContent === BUSY) tell("");
      };
      const give = (text) => { done(); reject(new Error(text)); };
      mine = connection.state() === "stopped" ? "" : send(content, (message) => {
        done();
        if (message.trouble) reject(new Error(message.trouble));
        else resolve(message);
      });
      if (!mine) return give(GONE);
      let age = 0;
      watch = setInterval(() => {
        const state = connection.state();
        age += 1;
        idle = state === "" ? idle + 1 : 0;
        if (state === "stopped") give(GONE);
        else if (state === "unreachable" && age >= 10) give(LOST);
        else if (idle >= 10) give(SILENT);
        else if (state === "busy" && age >= 2 && "positions" in content) tell(BUSY);
      }, 1000);
      return undefined;
    });

    const data = model.get("data");
    let answered = () => {};
    const note = (subject, value) => {
      if (!courseOutbox.given.has(data)) courseOutbox.given.set(data, {});
      courseOutbox.given.get(data)[subject] = value;
    };
    const carrier = {
      where: `${model.widget_manager?.kernel?.serverSettings?.baseUrl ?? ""} ${model.widget_manager?.context?.path ?? ""}`,
      line: `${kind} ${data.mode ?? ""}`,
      asks: model.get("asks"),
      connection: connection.state,
      tell,
      // The page says "saved" only after the kernel has answered that it is on the disk.
      send: (entry) => send({ keep: entry.subject, value: entry.value, id: entry.id }, ({ kept, trouble }) => {
        courseOutbox.answered(entry, trouble || `Saved at ${clock(kept)}.`);
      }),
      shown(subject, value) {
        note(subject, value);
        answered(subject, value);
      },
    };

    const host = {
      data,
      uid,
      live: true,
      ask: (positions) => exchange({ positions }),
      onPositions(listener) { moved = listener; },
      // Asks the kernel for something of this display: a promise of its reply.
      request: (content) => exchange({ request: content }),
      newId: courseOutbox.newId,
      remember(subject, value) {
        note(subject, value);
        // What is said of an answer stands at its question.
        (root.querySelector(`[data-quiz-item="${CSS.escape(subject)}"]`) ?? root).append(line);
        courseOutbox.add(carrier, subject, value);
      },
      recall(subject) {
        const unsaved = courseOutbox.unsaved(carrier, subject);
        if (unsaved) return unsaved.value;
        const here = host.given(subject);
        if (here !== undefined) return here;
        const before = model.get("answers")[subject];
        if (before) tell(`Your answer of ${day(before.at)}, ${clock(before.at)}, is back.`);
        return before?.value ?? null;
      },
      // What was answered in this page, where nothing earlier comes back.
      given: (subject) => courseOutbox.unsaved(carrier, subject)?.value ?? courseOutbox.given.get(data)?.[subject],
      // Another view of the same question was answered, in this page or in another one at this kernel.
      onAnswer(listener) { answered = listener; },
      onData(listener) { model.on("change:data", () => listener(model.get("data"))); },
    };
    let known = model.get("answers");
    model.on("change:answers", () => {
      const now = model.get("answers");
      for (const [subject, { at, value }] of Object.entries(now)) {
        if (at !== known[subject]?.at && !courseOutbox.justGiven(carrier, subject)) answered(subject, value);
      }
      known = now;
    });

    // A section of another notebook. Where the front end can open one at a section, it does; elsewhere (Notebook 7) the
    // plain link is followed, in a tab of its own, because this page holds what runs.
    const inJupyter = (link, event) => {
      const here = model.widget_manager?.context?.path ?? decodeURIComponent(location.pathname.split("/tree/")[1] ?? "");
      const opener = model.widget_manager?.rendermime?.linkHandler;
      if (!here) {
        event.preventDefault();
        tell(`It is in ${link.dataset.notebook}.`);
      } else if (opener?.handlePath) {
        event.preventDefault();
        const id = link.dataset.section ? `#${decodeURIComponent(link.dataset.section)}` : "";
        const way = document.createElement("a");
        opener.handleLink(way, here.slice(0, here.lastIndexOf("/") + 1) + link.dataset.notebook, id);
        way.click();
        if (id) seek(id.slice(1), root.closest(".jp-NotebookPanel"), 75);
      } else Object.assign(link, { target: "_blank", rel: "noopener" });
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
    courseOutbox.join(carrier);
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
    // A view that opens later shows what the first one shows; without a kernel it keeps the picture that it came with.
    if (kind === "explorer") send({ ask: "all", turn: "" }, () => {});
    // The line at the top of a chapter says so when the chapter is no longer live.
    const STATES = {
      stopped: "This chapter is no longer live: its kernel was stopped or restarted. Choose Run ▸ Run All Cells to go on. What you answered comes back.",
      unreachable: "There is no connection to the kernel now. What you answer is kept in this page and saved when the connection is back.",
    };
    const pulse = kind === "start" ? setInterval(() => {
      const text = STATES[connection.state()] ?? "";
      if (line.textContent !== text) tell(text);
      root.classList.toggle("no-longer-live", Boolean(text));
    }, 2000) : 0;
    return () => {
      clearInterval(pulse);
      courseOutbox.leave(carrier);
      model.off("msg:custom", onMessage);
    };
  },
};
