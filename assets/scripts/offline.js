// The offline host: no kernel and no network. Frames of explorers were computed beforehand; what the
// reader answered stays in this browser, where it allows that.
const courseStore = {
  prefix: `course:${document.documentElement.dataset.page}:`,

  set(name, value) {
    try { localStorage.setItem(this.prefix + name, JSON.stringify(value)); } catch { /* private window, or full */ }
  },
  get(name) {
    try { return JSON.parse(localStorage.getItem(this.prefix + name)); } catch { return null; }
  },
  forget() {
    try {
      Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).forEach((key) => localStorage.removeItem(key));
    } catch { /* nothing is kept, so nothing to forget */ }
  },
};

function courseOfflineHost(root, data, uid) {
  const piece = (name) => root.querySelector(`[data-part="${CSS.escape(name)}"]`);
  const first = data.frames ? data.names.map((name) => piece(name).innerHTML) : [];
  let shown = first;
  return {
    data,
    uid,
    live: false,
    // A frame lists [number of a piece, number of its markup in the pool], for pieces unlike the first view's.
    async ask(positions) {
      const frame = data.frames[data.controls.map((control) => positions[control.name]).join(".")];
      const next = [...first];
      for (let index = 0; index < frame.length; index += 2) next[frame[index]] = data.pool[frame[index + 1]];
      const changed = data.names.map((name, index) => [name, next[index], shown[index]]).filter(([, now, before]) => now !== before);
      shown = next;
      return { parts: Object.fromEntries(changed) };
    },
    remember(key, value) { courseStore.set(`${uid}:${key}`, value); },
    recall(key) { return courseStore.get(`${uid}:${key}`); },
  };
}

document.documentElement.classList.remove("no-script");
document.querySelectorAll("script[data-course]").forEach((script) => {
  const root = script.previousElementSibling;
  const data = JSON.parse(script.textContent);
  const host = courseOfflineHost(root, data, script.dataset.course);
  course.common(root);
  course.kinds[data.kind](root, host);
});
document.querySelectorAll("footer [data-needs-script]").forEach((node) => node.removeAttribute("data-needs-script"));
document.querySelector('[data-action="forget"]').addEventListener("click", () => {
  courseStore.forget();
  document.querySelectorAll("form").forEach((form) => form.reset());
  location.reload();
});
