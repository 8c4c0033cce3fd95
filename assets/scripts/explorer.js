// Controls and a chart. One move is under way at a time; while it is, only the newest next one is kept.
course.define("explorer", (root, host) => {
  const { controls, presets, start } = host.data;
  const kept = { box: root.querySelector('[data-role="kept"]'), where: host.data.kept };
  const form = root.querySelector("form.controls");
  const announce = course.announcer(root.querySelector('[role="status"]'));
  const trouble = root.querySelector('[data-role="trouble"]');
  const box = (name) => form.querySelector(`[data-control="${CSS.escape(name)}"]`);
  let positions = { ...start };
  let busy = false;
  let waiting = null;
  const shown = {}; // the texts that a dependent select holds now

  const textsOf = (control, where) => control.texts[control.by ? where[control.by] : 0];

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
        if (control.by && shown[control.name] !== texts) {
          select.replaceChildren(...texts.map((text, index) => new Option(text, index)));
          shown[control.name] = texts;
        }
        select.value = at;
        select.disabled = texts.length < 2;
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

  // A copy of the present figure that no later move reaches, and that repeats no id.
  function copyOf(figure) {
    const copy = figure.cloneNode(true);
    copy.dataset.chart += "-kept";
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
  }

  async function go(next) {
    positions = next;
    show(positions);
    if (busy) { waiting = next; return; }
    busy = true;
    try {
      const answer = await host.ask(next);
      trouble.hidden = true;
      course.patch(root, answer.parts);
      const figure = root.querySelector("figure.chart");
      if (figure.querySelector(".dot:not([tabindex])")) {
        figure.querySelectorAll(".dot").forEach((dot, index) => dot.setAttribute("tabindex", index ? "-1" : "0"));
      }
      root.dispatchEvent(new CustomEvent("course:drawn"));
      announce(root.querySelector('[data-part="description"]').textContent);
    } catch (problem) {
      trouble.textContent = problem.message;
      trouble.hidden = false;
    }
    busy = false;
    if (waiting) { const later = waiting; waiting = null; go(later); }
  }

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
      step.append(part("p", "title"), root.querySelector(".view svg").cloneNode(true), part("p", "description"));
      course.patch(step, host.view({ ...positions, [control.name]: at }));
      [step, ...step.querySelectorAll("*")].forEach((node) => ["data-part", "id", "aria-labelledby", "aria-describedby"].forEach((name) => node.removeAttribute(name)));
      return step;
    });
  }
  root.addEventListener("course:paper", ({ detail }) => {
    root.querySelector('[data-role="steps"]')?.replaceChildren(...(detail ? everyStep() : []));
  });

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    const name = event.target.closest("[data-control]")?.dataset.control;
    if (!name) return;
    const next = { ...positions };
    for (const control of controls) {
      if (control.name === name) next[name] = read(control);
      else if (control.by === name) next[control.name] = control.starts[next[name]];
    }
    go(next);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { action } = button.dataset;
    if (action === "compare") {
      keep(kept.where ? null : { ...positions }, kept.where ? null : copyOf(root.querySelector("figure.chart")));
      announce(kept.where ? "This view is kept. Move the controls to compare another with it." : "The kept view is gone.");
      return;
    }
    if (action === "swap") {
      const before = kept.where;
      keep({ ...positions }, copyOf(root.querySelector("figure.chart")));
      go({ ...before });
      return;
    }
    go({ ...(action === "preset" ? presets[Number(button.dataset.preset)] : start) });
  });
  host.onPositions?.((where) => { if (!busy) { positions = where; show(where); } });
  if (kept.where) {
    root.classList.add("comparing");
    kept.box.querySelectorAll("[data-part]").forEach((node) => node.removeAttribute("data-part"));
  }
  show(positions);
});
