// The offline host: no kernel and no network. Frames of explorers were computed beforehand; what the
// reader answered stays in this browser, where it allows that, and in files that the reader saves.
const courseStore = {
  prefix: `course:${document.documentElement.dataset.page}:`,
  memory: new Map(), // all there is where the browser keeps nothing

  // Whether what is written here outlives the page.
  keeps() {
    try {
      localStorage.setItem(`${this.prefix}?`, "1");
      localStorage.removeItem(`${this.prefix}?`);
      return true;
    } catch { return false; /* a private window, or a full disk */ }
  },
  set(name, value) {
    this.memory.set(name, value);
    try {
      if (value === null) localStorage.removeItem(this.prefix + name);
      else localStorage.setItem(this.prefix + name, JSON.stringify(value));
    } catch { /* it stays in memory */ }
  },
  get(name) {
    try { return JSON.parse(localStorage.getItem(this.prefix + name)); } catch { return this.memory.get(name) ?? null; }
  },
  // {name: value} of everything that this page keeps, in one order.
  all() {
    let names = [...this.memory.keys()];
    try {
      names.push(...Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).map((key) => key.slice(this.prefix.length)));
    } catch { /* memory only */ }
    const found = [...new Set(names)].sort().map((name) => [name, this.get(name)]);
    return Object.fromEntries(found.filter(([, value]) => value !== null));
  },
  forget(names = Object.keys(this.all())) {
    names.forEach((name) => this.set(name, null));
    return names.length;
  },
};

function courseOfflineHost(root, data, uid) {
  const piece = (name) => root.querySelector(`[data-part="${CSS.escape(name)}"]`);
  const first = data.frames ? data.names.map((name) => piece(name).innerHTML) : [];
  let shown = first;
  // A frame lists [number of a piece, number of its markup in the pool], for pieces unlike the first view's.
  const pieces = (positions) => {
    const frame = data.frames[data.controls.map((control) => positions[control.name]).join(".")];
    const next = [...first];
    for (let index = 0; index < frame.length; index += 2) next[frame[index]] = data.pool[frame[index + 1]];
    return next;
  };
  return {
    data,
    uid,
    live: false,
    // All pieces of a view, for a copy of the figure.
    view(positions) {
      const found = pieces(positions);
      return Object.fromEntries(data.names.map((name, index) => [name, found[index]]));
    },
    async ask(positions) {
      const next = pieces(positions);
      const changed = data.names.map((name, index) => [name, next[index], shown[index]]).filter(([, now, before]) => now !== before);
      shown = next;
      return { parts: Object.fromEntries(changed) };
    },
    remember(key, value) { courseStore.set(`${uid}:${key}`, value); },
    recall(key) { return courseStore.get(`${uid}:${key}`); },
  };
}

document.documentElement.classList.remove("no-script");
// A choice that the browser brings back by itself would stand there unanswered.
document.querySelectorAll("input:not([type=file])").forEach((input) => input.setAttribute("autocomplete", "off"));
document.querySelectorAll("script[data-course]").forEach((script) => {
  const root = script.previousElementSibling;
  const data = JSON.parse(script.textContent);
  const uid = script.dataset.course;
  const host = courseOfflineHost(root, data, uid);
  course.common(root);
  try {
    course.kinds[data.kind](root, host);
  } catch (problem) {
    // Answers that do not fit (of another version, or made by hand) must not take the page down with them.
    const own = Object.keys(courseStore.all()).filter((name) => name.startsWith(`${uid}:`));
    if (courseStore.forget(own)) location.reload();
    else reportError(problem);
  }
});
