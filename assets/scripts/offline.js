// The offline host: no kernel and no network. Frames of explorers were computed beforehand; what the
// reader answered stays in this browser, or in the page where the browser refuses, and in files that the reader saves.
// Pages opened from a disk may share one storage with every other page there: names carry the course and the page.
const courseStore = {
  prefix: `is-ketamine-an-opioid:${document.documentElement.dataset.page}:`,
  unkept: new Map(), // what the browser would not take: its storage is full, or not allowed

  // Whether the browser keeps anything that is written here.
  keeps() {
    try {
      localStorage.setItem(`${this.prefix}?`, "1");
      localStorage.removeItem(`${this.prefix}?`);
      return true;
    } catch { return false; }
  },
  // Returns whether the value outlives the page. What had no room before is tried again: trouble may pass.
  set(name, value) {
    this.unkept.set(name, value);
    for (const [other, waiting] of this.unkept) {
      try {
        if (waiting === null) localStorage.removeItem(this.prefix + other);
        else localStorage.setItem(this.prefix + other, JSON.stringify(waiting));
        this.unkept.delete(other);
      } catch { /* it stays in memory */ }
    }
    if (this.unkept.size) this.warn();
    return !this.unkept.has(name);
  },
  get(name) {
    if (this.unkept.has(name)) return this.unkept.get(name);
    try { return JSON.parse(localStorage.getItem(this.prefix + name)); } catch { return null; }
  },
  // When an answer was given: kept beside it, and never taken for one.
  stamp(name, at = new Date().toISOString()) { this.set(`@${name}`, at); },
  stamped(name) { return this.get(`@${name}`); },

  // {name: value} of everything that this page keeps, in one order.
  all() {
    let names = [...this.unkept.keys()];
    try {
      names.push(...Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).map((key) => key.slice(this.prefix.length)));
    } catch { /* memory only */ }
    const found = [...new Set(names)].filter((name) => !name.startsWith("@")).sort().map((name) => [name, this.get(name)]);
    return Object.fromEntries(found.filter(([, value]) => value !== null));
  },
  forget(names = Object.keys(this.all())) {
    names.forEach((name) => { this.set(name, null); this.stamp(name, null); });
    return names.length;
  },
  // Said once, at the foot of a page that has one.
  warn() {
    const foot = document.querySelector('[data-role="storage"]');
    if (foot && !foot.textContent) foot.textContent = "This browser keeps no answers of this page: its storage is full, or not allowed here. They last until the page is closed or loaded again. Save them to a file before that.";
  },
  // Loads the page anew. What the browser did not keep, and what is to be said, go with it.
  again(said = null) {
    history.replaceState({ said, unkept: [...this.unkept] }, "");
    location.reload();
  },
  begin() {
    // Earlier versions of the page kept their answers under a shorter name.
    const before = `course:${document.documentElement.dataset.page}:`;
    try {
      for (const key of Object.keys(localStorage).filter((one) => one.startsWith(before))) {
        const own = this.prefix + key.slice(before.length);
        if (localStorage.getItem(own) === null) localStorage.setItem(own, localStorage.getItem(key));
        localStorage.removeItem(key);
      }
    } catch { /* they stay where they are */ }
    const { said = null, unkept = [] } = history.state ?? {};
    if (history.state) history.replaceState(null, "");
    unkept.forEach(([name, value]) => this.set(name, value));
    if (!this.keeps()) this.warn();
    return said;
  },
};
const courseSaid = courseStore.begin();
// The reader's own order of options: drawn once, and the same again as long as the browser keeps it.
const courseSeed = (() => {
  const name = "is-ketamine-an-opioid:order"; // of no page: the same in all of them, and no answer
  try {
    if (!localStorage.getItem(name)) localStorage.setItem(name, crypto.getRandomValues(new Uint32Array(2)).join("-"));
    return localStorage.getItem(name);
  } catch { return ""; }
})();

function courseOfflineHost(root, data, uid) {
  const piece = (name) => root.querySelector(`[data-part="${CSS.escape(name)}"]`);
  const first = data.frames ? data.names.map((name) => piece(name).innerHTML) : [];
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
    seed: courseSeed,
    // All pieces of a view: of displays that have frames.
    view: data.frames && ((positions) => {
      const found = pieces(positions);
      return Object.fromEntries(data.names.map((name, index) => [name, found[index]]));
    }),
    // Returns whether it is kept; if not, that is said where the answer was given, once for each.
    remember(key, value) {
      const kept = courseStore.set(`${uid}:${key}`, value);
      courseStore.stamp(`${uid}:${key}`);
      const place = root.querySelector(`[data-quiz-item="${CSS.escape(key)}"]`) ?? root;
      const told = place.querySelector(":scope > .unkept");
      if (kept) told?.remove();
      else if (!told && document.querySelector('[data-role="storage"]')) {
        const words = "Not kept by this browser: this answer lasts until the page is closed or loaded again. “Save my answers to a file”, at the end of the page, keeps it.";
        place.append(Object.assign(document.createElement("p"), { className: "unkept", role: "status", textContent: words }));
      }
      return kept;
    },
    kept: (key) => !courseStore.unkept.has(`${uid}:${key}`),
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
    if (courseStore.forget(own)) courseStore.again();
    else reportError(problem);
  }
});
