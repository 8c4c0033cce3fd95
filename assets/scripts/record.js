// The learner's record: the kernel keeps it, the page asks and tells. Everything that arrives is shown as text.
course.define("record", (root, host) => {
  if (!host.live) return;
  const find = (name, value) => root.querySelector(`[data-${name}="${value}"]`);
  const field = (name) => find("field", name);
  const button = (name) => find("action", name);
  const said = (part) => find("said", part);
  const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  let state = null;
  let busy = false;

  // Asks the kernel, says what it says, and shows the record as it is then. Resolves to the reply, or to null.
  async function ask(part, content) {
    if (busy) return null;
    busy = true;
    const late = setTimeout(() => { said(part).textContent = "Waiting for the kernel: it is busy."; }, 1500);
    try {
      const reply = await host.request(content);
      show(reply.state);
      said(part).textContent = reply.said;
      return reply;
    } catch (problem) {
      said(part).textContent = problem.message;
      return null;
    } finally {
      clearTimeout(late);
      busy = false;
    }
  }

  function show(next) {
    state = next;
    const file = element("p", "It lies on the computer that runs this notebook, in ");
    file.append(element("code", state.path), ". Nothing is sent anywhere.");
    const whose = element("p", "In use: the record ");
    if (state.whose) whose.append("of ", element("bdi", state.whose), ".");
    else whose.append("without a pseudonym.");
    const lines = [whose, element("p", state.holds), file];
    if (state.trouble_with_it) lines.unshift(Object.assign(element("p", state.trouble_with_it), { className: "trouble" }));
    find("role", "state").replaceChildren(...lines);
    fill("use-name", state.records, "");
    const used = state.records.find((record) => record.in_use);
    if (used) field("use-name").value = used.value;
    if (!field("export-name").value) field("export-name").value = state.known_as;
    fill("reset-item", state.items, "Nothing to reset");
    fill("reset-chapter", state.chapters, "Nothing to reset");
    ["reset-item", "reset-chapter", "reset-all"].forEach((name) => dim(button(name), !state.items.length));
  }

  // A button that cannot be used now keeps its place in the order of the Tab key.
  function dim(node, yes) {
    if (yes) node.setAttribute("aria-disabled", "true");
    else node.removeAttribute("aria-disabled");
  }

  function fill(name, entries, none) {
    const select = field(name);
    const before = select.value;
    const groups = new Map();
    const made = [];
    for (const { value, text, group } of entries) {
      const option = Object.assign(element("option", text), { value });
      if (group === undefined) { made.push(option); continue; }
      if (!groups.has(group)) {
        groups.set(group, Object.assign(document.createElement("optgroup"), { label: group }));
        made.push(groups.get(group));
      }
      groups.get(group).append(option);
    }
    if (!made.length) made.push(Object.assign(element("option", none), { value: "" }));
    select.replaceChildren(...made);
    if (entries.some(({ value }) => value === before)) select.value = before;
  }

  const chosen = (name) => field(name).selectedOptions[0]?.textContent ?? "";

  // A question in the page, with the focus on Cancel; afterwards the focus is back where it came from.
  function confirm(part, opener, asks, yes) {
    const box = find("confirm", part);
    box.querySelector('[data-role="asks"]').textContent = asks;
    said(part).textContent = "";
    box.hidden = false;
    const close = () => {
      box.hidden = true;
      opener.focus();
    };
    box.querySelector('[data-action="yes"]').onclick = async () => {
      close();
      await yes();
    };
    box.querySelector('[data-action="cancel"]').onclick = () => {
      close();
      said(part).textContent = "Canceled. Nothing was changed.";
    };
    box.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      box.querySelector('[data-action="cancel"]').click();
    };
    box.querySelector('[data-action="cancel"]').focus();
  }

  const reset = (name, what, asks) => button(name).addEventListener("click", ({ currentTarget }) => {
    if (!state?.items.length) {
      said("reset").textContent = "There is nothing to reset.";
      return;
    }
    const which = what === "all" ? "" : field(name).value;
    confirm("reset", currentTarget, asks(), () => ask("reset", { do: "reset", what, which, path: state.path }));
  });
  reset("reset-item", "item", () => `Reset “${chosen("reset-item")}”? It will count as not done.`);
  reset("reset-chapter", "chapter", () => `Reset all that you did in “${chosen("reset-chapter")}”? It will count as not done.`);
  reset("reset-all", "all", () => `Reset everything in ${state.label}: ${state.items.length} things? They will count as not done.`);

  button("afresh").addEventListener("click", ({ currentTarget }) => {
    if (!state) return;
    confirm("end", currentTarget, `Start ${state.label} afresh? What it holds is kept in a file with a dated name.`, () => ask("end", { do: "afresh", path: state.path }));
  });
  button("erase").addEventListener("click", ({ currentTarget }) => {
    if (!state) return;
    confirm("end", currentTarget, `Erase ${state.label} for good? ${state.holds} This cannot be undone.`, () => ask("end", { do: "erase", path: state.path }));
  });

  button("use").addEventListener("click", () => ask("share", { do: "use", name: field("use-name").value }));
  const begin = async () => {
    if (await ask("share", { do: "begin", name: field("begin-name").value })) field("begin-name").value = "";
  };
  const take = async () => {
    const reply = await ask("export", { do: "export", pseudonym: field("export-name").value });
    if (reply) course.offer(find("role", "files"), reply.files);
  };
  button("begin").addEventListener("click", begin);
  button("export").addEventListener("click", take);
  for (const [name, act] of [["begin-name", begin], ["export-name", take]]) {
    field(name).addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      act();
    });
  }

  button("import").addEventListener("click", async () => {
    const [file] = field("import-file").files;
    if (!file) {
      said("import").textContent = "Choose a file first.";
      field("import-file").focus();
      return;
    }
    if (file.size > host.data.largest) {
      said("import").textContent = "This file is larger than 5 MB. Run learning.import_record(\"path of the file\") in a cell.";
      return;
    }
    try {
      const address = await new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(file);
      });
      const content = { do: "import", name: file.name, data: address.slice(address.indexOf(",") + 1) };
      const reply = await ask("import", content);
      if (reply?.asks) confirm("import", button("import"), reply.asks, () => ask("import", { ...content, anyone: true }));
    } catch {
      said("import").textContent = "The browser cannot read this file. Choose it again.";
    }
  });

  host.request({ do: "look" }).then((reply) => show(reply.state), (problem) => {
    find("role", "state").replaceChildren(Object.assign(element("p", problem.message), { className: "trouble" }));
  });
});
