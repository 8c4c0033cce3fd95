// Controls and a chart. One move is under way at a time; while it is, only the newest next one is kept.
course.define("explorer", (root, host) => {
  const { controls, presets, start } = host.data;
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
    go({ ...(button.dataset.action === "preset" ? presets[Number(button.dataset.preset)] : start) });
  });
  host.onPositions?.((where) => { if (!busy) { positions = where; show(where); } });
  show(positions);
});
