// What every kind shares. A kind's script calls course.define(kind, mount); a host (live.js with a kernel,
// offline.js without) finds the markup, and calls mount(root, host).
//
// host.data            what the spec gives to the script
// host.uid             unique on the page
// host.view(positions)  explorers without a kernel: all pieces of a view, {name: markup}
// host.ask(positions)   explorers with one: a promise of {positions, parts}, the pieces unlike those told of before
// host.remember(key, value), host.recall(key)   what the reader did, where the host keeps it
// host.live            whether there is a kernel; then host.request(content) is a promise of its reply, and
// host.onAnswer(listener) hears (key, value) of what was answered in another view of the same question
const course = {
  kinds: {},

  define(kind, mount) {
    this.kinds[kind] = mount;
  },

  // Puts new markup into the pieces it names. The markup is written, and escaped, in Python only.
  patch(root, parts) {
    for (const [name, markup] of Object.entries(parts)) {
      const piece = root.querySelector(`[data-part="${CSS.escape(name)}"]`);
      if (!piece) continue;
      piece.innerHTML = markup;
      // A group of the picture is silent unless something in it has a name of its own.
      const picture = piece.closest("svg");
      if (!picture) continue;
      if (piece.querySelector("[aria-label]")) piece.removeAttribute("aria-hidden");
      else piece.setAttribute("aria-hidden", "true");
      picture.setAttribute("role", picture.querySelector(".dot") ? "group" : "img");
    }
  },

  // Files made here, [{name, type, text}], as links in a list that save them on the reader's device.
  offer(list, files) {
    list.querySelectorAll("a").forEach((link) => URL.revokeObjectURL(link.href));
    list.replaceChildren(...files.map(({ name, type, text }) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type }));
      link.download = name;
      link.textContent = `Save ${name}`;
      const line = document.createElement("li");
      line.append(link);
      return line;
    }));
    list.hidden = false;
  },

  // Says something to a screen reader once the reader has come to rest.
  announcer(node, wait = 500) {
    let timer = 0;
    return (text) => {
      clearTimeout(timer);
      timer = setTimeout(() => { node.textContent = text; }, wait);
    };
  },

  // Brings to life what all kinds have: regions that scroll, and dots that say what they are.
  common(root) {
    root.querySelectorAll("[data-needs-script]").forEach((node) => { node.removeAttribute("data-needs-script"); });
    root.classList.add("alive");
    course.fit(root);
    root.querySelectorAll("figure.chart").forEach(course.dots);
  },

  // A region takes the focus, and says that there is more, only while it really scrolls.
  fit(root) {
    const look = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const wide = target.scrollWidth > target.clientWidth + 1;
        const scrolls = wide || target.scrollHeight > target.clientHeight + 1;
        if (scrolls) target.tabIndex = 0; else target.removeAttribute("tabindex");
        if (target.matches(".plot:has(+ .sideways)")) target.nextElementSibling.hidden = !wide;
      }
    });
    root.querySelectorAll(".plot, .scroll").forEach((node) => look.observe(node));
  },

  // Dots are one stop of the Tab key; arrows go from dot to dot. Pointer or focus shows the label.
  dots(figure) {
    const all = () => [...figure.querySelectorAll(".dot")];
    const tip = figure.querySelector(".tip");
    if (!all().length || !tip) return;
    const say = (dot) => {
      tip.textContent = dot ? dot.getAttribute("aria-label") : "";
      tip.classList.toggle("shown", Boolean(dot));
      if (dot) place(dot);
    };
    // Above the dot, or below it where there is no room, and inside the picture.
    const place = (dot) => {
      const canvas = tip.parentElement.getBoundingClientRect();
      const at = dot.getBoundingClientRect();
      const { width, height } = tip.getBoundingClientRect();
      const left = Math.max(0, Math.min(canvas.width - width, at.left + at.width / 2 - canvas.left - width / 2));
      const above = canvas.bottom - at.top + 6;
      const fits = at.top - canvas.top >= height + 6;
      tip.style.setProperty("--tip-left", `${left}px`);
      tip.style.setProperty("--tip-bottom", `${fits ? above : canvas.bottom - at.bottom - height - 6}px`);
    };
    const current = () => figure.querySelector('.dot[tabindex="0"]');
    const choose = (dot, focus) => {
      all().forEach((other) => other.setAttribute("tabindex", other === dot ? "0" : "-1"));
      dot.setAttribute("data-lm-suppress-shortcuts", "true");
      if (focus) dot.focus();
    };
    all().forEach((dot) => dot.setAttribute("tabindex", "-1"));
    choose(all()[0], false);
    figure.addEventListener("pointerover", (event) => say(event.target.closest(".dot")));
    figure.addEventListener("pointerleave", () => say(null));
    figure.addEventListener("focusin", (event) => say(event.target.closest(".dot")));
    figure.addEventListener("focusout", () => say(null));
    figure.addEventListener("keydown", (event) => {
      if (!event.target.closest(".dot")) return;
      const list = all();
      const at = list.indexOf(current());
      const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
      if (event.key === "Escape") say(null);
      if (to === undefined) return;
      event.preventDefault();
      choose(list[Math.max(0, Math.min(list.length - 1, to))], true);
    });
  },
};
