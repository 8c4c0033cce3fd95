// Controls and a chart.
//
// A view is a map of pieces, {name: markup}. `told` is the view that the kernel knows of: each of its messages holds
// only what differs from the one before. What is shown may be ahead of that, drawn from views fetched beforehand.
course.define("explorer", (root, host) => {
  const { controls, presets, start, main, before: traced } = host.data;
  const AT_ONCE = 8; // views asked for ahead in one request, so that a move never waits for more than these
  const AHEAD = 96; // stops of the main control that are fetched ahead, the nearest first
  const HELD = 240; // views held at most; what was used longest ago goes first
  const RESTS = 300; // milliseconds without a move after which the kernel is told where the reader is
  const GESTURE = 1200; // milliseconds without a move after which the next one begins a new comparison

  const kept = { box: root.querySelector('[data-role="kept"]'), where: host.data.kept };
  const form = root.querySelector("form.controls");
  const own = root.querySelector("figure.chart");
  const picture = own.querySelector("svg");
  const announce = course.announcer(root.querySelector('[role="status"]'));
  const trouble = root.querySelector('[data-role="trouble"]');
  const handle = controls.find(({ name }) => name === main);
  const box = (name) => form.querySelector(`[data-control="${CSS.escape(name)}"]`);
  const keyOf = (where) => controls.map(({ name }) => where[name]).join(".");
  const textsOf = (control, where) => control.texts[control.by ? where[control.by] : 0];
  let positions = { ...start };
  const listed = {}; // the texts that a dependent select holds now

  function read(control) {
    const node = box(control.name);
    const input = control.shape === "radio" ? node.querySelector("input:checked") : node.querySelector("input, select");
    return Number(input.value);
  }

  // Shows a state on the controls: texts of dependent controls, positions, and what is printed on paper.
  function show(where) {
    for (const control of controls) {
      const texts = textsOf(control, where);
      const at = where[control.name];
      const node = box(control.name);
      if (control.shape === "slider") {
        const input = node.querySelector("input");
        input.max = texts.length - 1;
        if (Number(input.value) !== at) input.value = at;
        input.setAttribute("aria-valuetext", texts[at]);
        node.querySelector(".value").textContent = texts[at];
        input.disabled = texts.length < 2;
      } else if (control.shape === "radio") {
        node.querySelectorAll("label").forEach((label, index) => {
          label.hidden = index >= texts.length;
          label.querySelector("input").checked = index === at;
        });
      } else {
        const select = node.querySelector("select");
        if (control.by && listed[control.name] !== texts) {
          select.replaceChildren(...texts.map((text, index) => new Option(text, index)));
          listed[control.name] = texts;
        }
        select.value = at;
        select.disabled = texts.length < 2;
        node.querySelectorAll('[data-action="step"]').forEach((button) => { button.disabled = texts.length < 2; });
      }
      root.querySelector(`[data-setting="${CSS.escape(control.name)}"]`).textContent = texts[at];
    }
    presets.forEach((preset, index) => {
      const same = controls.every((control) => preset[control.name] === where[control.name]);
      form.querySelector(`[data-preset="${index}"]`).setAttribute("aria-pressed", String(same));
    });
    if (kept.where) differ(where);
  }

  // The settings in which the view and the kept one differ, as a table.
  function differ(where) {
    const rows = controls
      .map((control) => [control.label, textsOf(control, where)[where[control.name]], textsOf(control, kept.where)[kept.where[control.name]]])
      .filter(([, now, before]) => now !== before);
    const row = ([name, ...texts], tag) => {
      const line = document.createElement("tr");
      line.append(Object.assign(document.createElement("th"), { scope: tag === "th" ? "col" : "row", textContent: name }));
      line.append(...texts.map((text) => Object.assign(document.createElement(tag), { textContent: text })));
      if (tag === "th") line.querySelectorAll("th").forEach((cell) => { cell.scope = "col"; });
      return line;
    };
    const head = document.createElement("thead");
    head.append(row(["Setting", "Moving", "Kept"], "th"));
    const body = document.createElement("tbody");
    body.append(...(rows.length ? rows : [["All settings", "the same", "the same"]]).map((texts) => row(texts, "td")));
    kept.box.querySelector('[data-role="differences"]').replaceChildren(head, body);
  }

  // A copy of the present figure, without its controls, that no later move reaches, and that repeats no id.
  function copyOf(figure) {
    const copy = figure.cloneNode(true);
    copy.dataset.chart += "-kept";
    copy.querySelectorAll("form, .leaves-out, .traces, .before-note").forEach((node) => node.remove());
    copy.querySelectorAll("[data-part]").forEach((node) => node.removeAttribute("data-part"));
    for (const name of ["id", "aria-labelledby", "aria-describedby"]) {
      [copy, ...copy.querySelectorAll(`[${name}]`)].forEach((node) => {
        if (node.hasAttribute(name)) node.setAttribute(name, `${node.getAttribute(name)}-kept`);
      });
    }
    return copy;
  }

  function keep(where, figure) {
    kept.where = where;
    kept.box.hidden = !where;
    root.classList.toggle("comparing", Boolean(where));
    form.querySelector('[data-action="compare"]').setAttribute("aria-pressed", String(Boolean(where)));
    form.querySelector('[data-action="swap"]').hidden = !where;
    kept.box.querySelector('[data-role="kept-figure"]').replaceChildren(...(figure ? [figure] : []));
    if (figure) {
      course.dots(figure);
      course.fit(figure);
    }
    if (where) differ(positions);
    room();
  }

  // --- what is shown, and what is known

  const views = new Map(); // key -> view
  const told = { view: host.view?.(start) ?? null, key: keyOf(start) };
  let shown = told.view;
  let turn = 0; // of moves, so that an answer never replaces a newer picture
  let drawn = 0;
  let busy = false;
  let waiting = null;

  function hold(key, view) {
    views.delete(key);
    views.set(key, view);
    if (views.size > HELD) views.delete(views.keys().next().value);
  }
  const ready = (where) => host.view?.(where) ?? views.get(keyOf(where));

  function draw(view) {
    const changed = Object.entries(view).filter(([name, markup]) => shown?.[name] !== markup);
    shown = view;
    trouble.hidden = true;
    course.patch(root, Object.fromEntries(changed));
    if (own.querySelector(".dot:not([tabindex])")) {
      own.querySelectorAll(".dot").forEach((dot, index) => dot.setAttribute("tabindex", index ? "-1" : "0"));
    }
    trace();
    root.dispatchEvent(new CustomEvent("course:drawn"));
    announce(own.querySelector('[data-part="description"]').textContent);
  }

  // The kernel's message: what differs from the view that it told of before.
  function hear({ positions: where, parts }) {
    told.view = { ...told.view, ...parts };
    told.key = keyOf(where);
    hold(told.key, told.view);
  }

  async function go(next) {
    const mine = (turn += 1);
    begin(next);
    positions = next;
    show(positions);
    const view = ready(next);
    if (view) {
      waiting = null;
      drawn = mine;
      draw(view);
      rest();
      return;
    }
    if (busy) { waiting = next; return; }
    busy = true;
    try {
      hear(await host.ask(next));
      if (mine > drawn) {
        drawn = mine;
        draw(told.view);
      }
    } catch (problem) {
      if (mine > drawn) {
        trouble.textContent = problem.message;
        trouble.hidden = false;
      }
    }
    busy = false;
    if (waiting) { const later = waiting; waiting = null; go(later); }
    else rest();
  }

  // At rest, the kernel learns where the reader is (a second view of this display shows it too), and the stops from
  // here are fetched.
  let resting = 0;
  function rest() {
    if (host.view) return;
    clearTimeout(resting);
    resting = setTimeout(async () => {
      if (!busy && told.view && keyOf(positions) !== told.key) await host.request({ do: "move", positions }).then(hear, () => {});
      ahead();
    }, RESTS);
  }

  // The stops of the main control, the nearest to where it stands first, then the ready-made settings.
  function wanted() {
    const at = positions[main];
    const along = textsOf(handle, positions).map((_, stop) => ({
      ...positions,
      ...Object.fromEntries(controls.filter(({ by }) => by === main).map(({ name, starts }) => [name, starts[stop]])),
      [main]: stop,
    }));
    return [...along.sort((one, other) => Math.abs(one[main] - at) - Math.abs(other[main] - at)).slice(0, AHEAD), ...presets]
      .filter((where) => !views.has(keyOf(where)));
  }
  let asked = 0; // when the request that is under way was sent
  async function ahead() {
    if (host.view || !told.view || Date.now() - asked < 10_000) return;
    const stops = wanted().slice(0, AT_ONCE);
    if (!stops.length) return;
    asked = Date.now();
    try {
      const { names, pool, frames } = await host.request({ do: "ahead", stops });
      frames.forEach((frame, index) => {
        const view = { ...told.view };
        for (let place = 0; place < frame.length; place += 2) view[names[frame[place]]] = pool[frame[place + 1]];
        hold(keyOf(stops[index]), view);
      });
    } catch { return; /* of no kernel: a move will say so */ } finally { asked = 0; }
    ahead();
  }

  // --- what changed, on the picture: where traced marks stood before this gesture, faint

  const traces = document.createElementNS("http://www.w3.org/2000/svg", "g");
  traces.setAttribute("class", "traces");
  traces.setAttribute("aria-hidden", "true");
  const note = own.querySelector(".before-note");
  const origin = { view: null, where: null, at: 0 };
  if (traced?.length) {
    picture.querySelector('[data-part="frame"]').after(traces);
    note.hidden = false;
  }
  function begin(next) {
    const now = Date.now();
    const moved = controls.filter(({ name }) => name !== main && next[name] !== positions[name] && handle.by !== name);
    if (now - origin.at > GESTURE || !origin.view) Object.assign(origin, { view: shown, where: { ...positions } });
    origin.at = now;
    // Another drug, or another study, has another scale: there is no "before" to compare with.
    if (moved.length || (handle.by && next[handle.by] !== positions[handle.by])) origin.view = null;
  }
  function trace() {
    if (!traced?.length) return;
    const names = origin.view && keyOf(origin.where) !== keyOf(positions)
      ? traced.map((name) => `mark:${name}`).filter((name) => origin.view[name] && origin.view[name] !== shown[name])
      : [];
    traces.innerHTML = names.map((name) => origin.view[name]).join("");
    note.textContent = names.length ? `Faint: before, at ${textsOf(handle, origin.where)[origin.where[main]].split(": ")[0]}` : "";
  }

  // --- room: settings stand beside a wide picture; a narrow one stays in sight while its controls are used

  const others = form.querySelector(".more-settings");
  let opened = false;
  function room() {
    const beside = getComputedStyle(form).getPropertyValue("--beside").trim() === "1";
    if (!others || beside === root.classList.contains("beside")) return;
    if (beside) opened = others.open;
    root.classList.toggle("beside", beside);
    others.open = beside || opened;
  }
  new ResizeObserver(() => {
    room();
    root.style.setProperty("--canvas", `${own.querySelector(".canvas").offsetHeight}px`);
  }).observe(root);
  const use = (used) => root.classList.toggle("in-use", used);
  form.addEventListener("focusin", () => use(true));
  form.addEventListener("pointerdown", () => use(true));
  root.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget && !root.contains(relatedTarget)) use(false); });
  document.addEventListener("pointerdown", ({ target }) => { if (!root.contains(target)) use(false); });

  // On paper, where nothing moves, a drawing in steps shows each of them: picture, name and words.
  function everyStep() {
    const control = controls.find(({ name }) => name === host.data.steps);
    return textsOf(control, positions).map((_, at) => {
      const step = document.createElement("div");
      const part = (tag, name) => {
        const node = document.createElement(tag);
        node.dataset.part = name;
        return node;
      };
      step.append(part("p", "title"), picture.cloneNode(true), part("p", "description"));
      course.patch(step, host.view({ ...positions, [control.name]: at }));
      [step, ...step.querySelectorAll("*")].forEach((node) => ["data-part", "id", "aria-labelledby", "aria-describedby"].forEach((name) => node.removeAttribute(name)));
      return step;
    });
  }
  root.addEventListener("course:paper", ({ detail }) => {
    root.querySelector('[data-role="steps"]')?.replaceChildren(...(detail ? everyStep() : []));
  });

  // The state in which one control has another position; what depends on it begins anew.
  function moved(name, at) {
    const next = { ...positions, [name]: at };
    controls.filter(({ by }) => by === name).forEach((control) => { next[control.name] = control.starts[at]; });
    return next;
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    const name = event.target.closest("[data-control]")?.dataset.control;
    if (name) go(moved(name, read(controls.find((control) => control.name === name))));
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { action } = button.dataset;
    if (action === "step") {
      const count = textsOf(handle, positions).length;
      go(moved(main, (positions[main] + Number(button.dataset.by) + count) % count));
      return;
    }
    if (action === "compare") {
      keep(kept.where ? null : { ...positions }, kept.where ? null : copyOf(own));
      announce(kept.where ? "This view is kept. Move the controls to compare another with it." : "The kept view is gone.");
      return;
    }
    if (action === "swap") {
      const before = kept.where;
      keep({ ...positions }, copyOf(own));
      go({ ...before });
      return;
    }
    go({ ...(action === "preset" ? presets[Number(button.dataset.preset)] : start) });
  });
  // What another view of this display, or the kernel at the beginning, tells.
  host.onPositions?.((message) => {
    hear(message);
    if (busy || waiting) return;
    positions = message.positions;
    show(positions);
    draw(told.view);
  });
  if (kept.where) {
    root.classList.add("comparing");
    kept.box.querySelectorAll("[data-part]").forEach((node) => node.removeAttribute("data-part"));
  }
  show(positions);
  if (host.view) return;
  // Whoever sees an explorer, or comes near it, may move it: what the first move needs is fetched then.
  new IntersectionObserver((entries) => { if (entries.some(({ isIntersecting }) => isIntersecting)) rest(); }, { threshold: 0.3 }).observe(root);
  root.addEventListener("pointerenter", rest);
  root.addEventListener("focusin", rest);
});
