// Slides: one is shown at a time; the notes are the same file, opened a second time with #notes. Comes before the
// offline host, so that it can clear away what an earlier class answered.
const courseDeck = {
  name: `course-deck:${document.documentElement.dataset.page}`,
  slides: [...document.querySelectorAll(".deck-slide")],
  at: -1,
  peers: new Set(),
  letters: true,
  turn: 0,
  self: Math.random().toString(36).slice(2),
  presenter: location.hash === "#notes",

  find(role) { return document.querySelector(`[data-role="${role}"]`); },
  get now() { return this.slides[this.at]; },

  // The other window. A channel works between pages of one site; a page opened from a file has no site of its own
  // in some browsers, but knows the window that opened it.
  connect() {
    try { this.channel = new BroadcastChannel(this.name); } catch { /* opener and opened talk without it */ }
    this.channel?.addEventListener("message", (event) => this.heard(event.data));
    addEventListener("message", (event) => {
      if (event.data?.deck !== this.name) return;
      if (event.source) this.peers.add(event.source);
      this.heard(event.data);
    });
    if (window.opener) this.peers.add(window.opener);
  },
  tell(message) {
    this.turn += 1;
    const whole = { deck: this.name, turn: `${this.self}-${this.turn}`, ...message };
    this.channel?.postMessage(whole);
    this.peers.forEach((peer) => { if (!peer.closed) peer.postMessage(whole, "*"); });
  },
  heard(message) {
    // One message may come both ways.
    if (message.deck !== this.name || message.turn === this.last) return;
    this.last = message.turn;
    if (this.presenter) {
      if (Number.isInteger(message.at)) this.note(message.at);
      return;
    }
    if (message.hello) this.tell({ at: this.at });
    if (message.go === "next") this.next();
    if (message.go === "previous") this.previous();
  },

  // Slides

  show(index, { focus = true, fresh = true } = {}) {
    const to = Math.max(0, Math.min(this.slides.length - 1, index));
    if (to !== this.at) {
      this.slides.forEach((slide, place) => { slide.hidden = place !== to; });
      this.at = to;
      if (fresh) this.now.querySelectorAll(".later").forEach((node) => node.classList.remove("shown"));
      const place = `${to + 1} of ${this.slides.length}`;
      this.find("place").textContent = place;
      this.find("said").textContent = `Slide ${place}: ${this.now.dataset.title}`;
      this.find("progress").style.setProperty("--done", (to + 1) / this.slides.length);
      document.title = `${to + 1}. ${this.now.dataset.title} · ${document.title.split(" · ").slice(-3).join(" · ")}`;
      if (location.hash !== `#${to + 1}`) history.replaceState(null, "", `#${to + 1}`);
      scrollTo(0, 0);
      this.fit(this.now);
      this.tell({ at: to });
    }
    if (focus) this.now.focus({ preventScroll: true });
  },

  // What comes next within a slide: the next point.
  next() {
    const later = this.now.querySelector(".later:not(.shown)");
    if (later) later.classList.add("shown");
    else this.show(this.at + 1);
  },
  previous() {
    const points = [...this.now.querySelectorAll(".later.shown")];
    if (points.length) points.at(-1).classList.remove("shown");
    else this.show(this.at - 1, { fresh: false });
  },

  // Lays a slide out in the largest way in which all of it can be seen. Pictures are as wide as the height allows;
  // they get smaller before buttons become a list, but never so small that their letters cannot be read.
  words: ["large", "large beside", "", "beside", "snug", "snug beside", "tight", "tight beside", "tight folded", "tight beside folded"],
  steps: ["", "snug", "below", "wide", "compact", "compact below", "compact wide", "tight compact", "tight compact below", "tight compact wide"],
  widest: 26.72, // rem
  good: 1.3334, // letters of 15 units are 20 px on a slide of 1280 x 720
  least: 1.06, // where an explorer's picture is too tall for that: 16 px
  tallest: 22.5,
  *layouts(picture) {
    if (!picture) { yield* this.words.map((step) => [step, 0]); return; }
    const { width, height } = picture.viewBox.baseVal;
    const most = Math.min(this.widest, (this.tallest * width) / height);
    const [good, least] = [this.good, this.least].map((zoom) => Math.min(most, (zoom * width) / 32));
    for (const [from, to] of [[most, good], [good, good], [Math.min(most, good - 0.3), least]]) {
      for (const step of this.steps) for (let wide = from; wide >= to - 0.001; wide -= 0.6) yield [step, wide];
    }
    yield [this.steps.at(-1), least];
  },
  over(slide) {
    const beyond = (node) => node.scrollHeight > node.clientHeight + 1 || node.scrollWidth > node.clientWidth + 1;
    const stage = slide.querySelector(".stage");
    if (beyond(stage)) return true;
    const sheet = stage.getBoundingClientRect();
    const bar = document.querySelector(".bar").getBoundingClientRect();
    const meets = (rect) => rect.bottom > bar.top && rect.top < bar.bottom && rect.left < bar.right;
    return [...stage.querySelectorAll(this.pieces)].some((node) => {
      const rect = node.getBoundingClientRect();
      return rect.height > 2 && (rect.bottom > sheet.bottom + 1 || rect.top < sheet.top - 1 || meets(rect));
    });
  },
  pieces: ".title, .text > *, .from, .reveal, .controls > *, .limits, .caveat, .answer, .gap > *, .option, .plot",
  fit(slide) {
    const stage = slide.querySelector(".stage");
    stage.style.setProperty("--part", `${slide.querySelector(".part")?.offsetHeight ?? 0}px`);
    const kinds = [...this.words, ...this.steps].flatMap((step) => step.split(" ")).filter(Boolean);
    for (const [step, wide] of this.layouts(slide.querySelector(".view:not(.kept) .plot svg, .chart .plot svg"))) {
      stage.classList.remove(...kinds);
      if (step) stage.classList.add(...step.split(" "));
      if (wide) stage.style.setProperty("--wide", `${wide}rem`);
      if (this.settled(slide)) return;
    }
  },
  // Whether all can be seen as it is laid out; tells the controls first how high the title above them is.
  settled(slide) {
    const stage = slide.querySelector(".stage");
    stage.style.setProperty("--head", `${stage.querySelector(".title")?.offsetHeight ?? 0}px`);
    return !this.over(slide);
  },
  reveal() {
    const button = this.now.querySelector('[data-action="reveal-answer"]');
    if (!button) { this.now.querySelector('[data-action="commit"]')?.click(); return; }
    const answer = document.getElementById(button.getAttribute("aria-controls"));
    answer.hidden = !answer.hidden;
    button.setAttribute("aria-expanded", String(!answer.hidden));
    button.textContent = answer.hidden ? "Show the answer" : "Hide the answer";
    this.mark(this.now, !answer.hidden);
    this.fit(this.now);
  },

  // The options stay, and what is right is marked where it stands: by a frame, a tick and a word.
  mark(slide, on) {
    slide.querySelectorAll(".mark").forEach((node) => node.remove());
    slide.querySelectorAll(".is-right").forEach((node) => node.classList.remove("is-right"));
    // Where every guess is one of several options, the marks say all that the lines below them would.
    slide.querySelector(".prediction .answer")?.classList.toggle("unseen", on && !slide.querySelector(".strip"));
    slide.querySelectorAll("[data-quiz-item]").forEach((box) => course.polls.mark(box, on && box.classList.contains("as-choice")));
    if (!on || slide.querySelector(".as-choice")) return;
    const tick = (node, text) => {
      node.classList.add("is-right");
      node.append(Object.assign(document.createElement("span"), { className: "mark", textContent: ` ✓\u00a0${text}` }));
    };
    const data = JSON.parse(slide.querySelector("script[data-course]").textContent);
    const [item] = data.items ?? [];
    const [claim] = data.claims ?? [];
    const picks = (data.guesses ?? []).map((guess) => (guess.texts ?? []).map((text, place) => ({ text, right: place === guess.right })));
    const judged = claim && [data.verdicts.map((text) => ({ text, right: text === claim.verdict }))];
    const slots = judged ?? item?.slots?.map((slot) => slot.options) ?? (item ? [item.options] : picks);
    const boxes = slide.querySelectorAll(item?.slots ? "[data-slot]" : item || claim ? "fieldset" : "[data-guess]");
    slots.forEach((options, slot) => {
      const labels = [...boxes[slot].querySelectorAll("label.option")];
      const right = options.map((option, place) => (option.right ? place : -1)).filter((place) => place >= 0);
      if (labels.length) right.forEach((place) => tick(labels.find((label) => Number(label.querySelector("input").value) === place), "right"));
      else if (right.length) tick(boxes[slot], right.map((place) => options[place].text).join(", "));
    });
  },

  // Notes

  openNotes() {
    const address = `${location.href.split("#")[0]}#notes`;
    const opened = window.open(address, this.name.replace(/\W/g, "-"), "width=900,height=700");
    if (opened) this.peers.add(opened);
    else this.find("said").textContent = "The browser did not open a window for the notes: allow pop-ups for this page.";
  },
  note(index) {
    const slide = this.slides[index];
    if (!slide) return;
    this.at = index;
    this.find("notes-place").textContent = `Slide ${index + 1} of ${this.slides.length}`;
    this.find("notes-title").textContent = slide.dataset.title;
    const copies = [...slide.querySelector(".notes").cloneNode(true).children];
    if (!copies.length) copies.push(Object.assign(document.createElement("p"), { textContent: "There are no notes for this slide." }));
    this.find("notes-body").replaceChildren(...copies);
    this.find("notes-body").scrollTop = 0;
    this.find("notes-next").textContent = this.slides[index + 1]?.dataset.title ?? "the end";
  },
  present() {
    document.documentElement.classList.add("presenting");
    document.getElementById("deck").hidden = true;
    document.querySelectorAll(".bar, .progress").forEach((node) => node.remove());
    document.querySelector(".presenter").hidden = false;
    document.title = `Notes · ${document.title}`;
    let began = Date.now();
    const tick = () => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      this.find("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    };
    setInterval(tick, 1000);
    this.note(0);
    document.querySelector(".presenter").addEventListener("click", (event) => {
      const go = event.target.closest("[data-go]")?.dataset.go;
      if (go === "reset-clock") { began = Date.now(); tick(); }
      if (go === "next" || go === "previous") this.tell({ go });
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const scrolls = event.target.closest('[data-role="notes-body"]') && /^Arrow(Up|Down)|Page/.test(event.key);
      const go = { ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous" }[event.key];
      if (go && !scrolls) { event.preventDefault(); this.tell({ go }); }
    });
    this.tell({ hello: true });
  },

  // Keys

  // Whether a control with the focus needs this key for itself.
  belongs(event) {
    const { target, key } = event;
    if (key === "Enter" && target.matches('input[type="number"]')) return false;
    if (target.matches('select, textarea, input:not([type="checkbox"])')) return key !== "Escape";
    if (target.matches('input[type="checkbox"]')) return key === " ";
    if (target.closest(".dot")) return /^(Arrow|Home|End|Escape)/.test(key);
    if (target.closest("button, summary, a")) return key === " " || key === "Enter";
    if (target.closest(".plot, .scroll") && target !== this.now) return /^Arrow(Up|Down)|^Page/.test(key) && target.scrollHeight > target.clientHeight + 1;
    return false;
  },
  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || this.belongs(event)) return;
    const held = event.target.matches("input, select, textarea");
    const moves = {
      ArrowRight: () => this.next(), ArrowDown: () => this.next(), PageDown: () => this.next(),
      ArrowLeft: () => this.previous(), ArrowUp: () => this.previous(), PageUp: () => this.previous(),
      " ": () => (event.shiftKey ? this.previous() : this.next()),
      Home: () => this.show(0), End: () => this.show(this.slides.length - 1),
      Escape: () => (held || event.target.closest("button, summary, .plot") ? this.now.focus() : this.overview()),
      Enter: () => { if (held) this.now.focus(); },
    };
    const letters = {
      c: () => this.now.querySelector('[data-action="count"]')?.click(), n: () => this.openNotes(), p: () => this.print(false), r: () => this.reveal(),
      f: () => this.fullScreen(), "?": () => this.find("help").showModal(),
    };
    const act = moves[event.key] ?? (this.letters && !held ? letters[event.key.toLowerCase()] : undefined);
    if (!act) return;
    event.preventDefault();
    act();
  },
  overview() {
    const sheet = this.find("overview");
    sheet.querySelectorAll("a").forEach((link, index) => {
      if (index === this.at) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
    sheet.showModal();
    sheet.querySelector("[aria-current]")?.focus();
  },
  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  },
  print(notes) {
    document.documentElement.classList.toggle("with-notes", notes);
    window.print();
  },

  // Before printing, each slide is laid out once, so that each fits its sheet.
  fitAll() {
    const { at } = this;
    this.slides.forEach((slide, place) => {
      this.slides.forEach((other) => { other.hidden = other !== slide; });
      this.fit(slide);
      if (place === this.slides.length - 1) this.slides.forEach((other, index) => { other.hidden = index !== at; });
    });
  },

  start() {
    this.connect();
    if (this.presenter) { this.present(); return; }
    document.documentElement.classList.add("presented");
    document.querySelectorAll("[data-needs-script]").forEach((node) => node.removeAttribute("data-needs-script"));
    document.querySelectorAll("[data-one-by-one] li").forEach((node) => node.classList.add("later"));
    this.slides.forEach((slide) => {
      const box = slide.querySelector("[data-quiz-item]");
      if (box) course.polls.dress(box, slide.querySelector(".reveal-buttons"), () => { if (slide === this.now) this.fit(slide); });
      const figure = slide.querySelector("figure.chart");
      if (!figure) return;
      // Where buttons for ready-made settings take too much room, a list does.
      const presets = [...slide.querySelectorAll('[data-action="preset"]')];
      if (presets.length) {
        const label = Object.assign(document.createElement("label"), { className: "presets", textContent: "Ready-made settings" });
        const select = document.createElement("select");
        const all = [...presets, slide.querySelector('[data-action="reset"]')];
        select.append(new Option("Choose", ""), ...all.map((button, index) => new Option(button.textContent, index)));
        select.addEventListener("change", () => { all[select.value]?.click(); select.value = ""; });
        select.addEventListener("input", (event) => event.stopPropagation());
        label.append(select);
        presets[0].parentElement.before(label);
      }
      slide.querySelector("[data-explorer]")?.addEventListener("course:drawn", () => {
        // A picture that moves keeps its size while it can.
        if (!this.settled(slide)) this.fit(slide);
      });
    });
    document.addEventListener("click", (event) => {
      const go = event.target.closest("[data-go]")?.dataset.go;
      const action = event.target.closest("[data-action]")?.dataset.action;
      if (action === "reveal-answer") this.reveal();
      if (action === "commit" || action === "again") {
        setTimeout(() => {
          this.mark(this.now, !this.now.querySelector(".gap").hidden);
          this.fit(this.now);
        });
      }
      const goes = {
        next: () => this.next(), previous: () => this.previous(), overview: () => this.overview(),
        help: () => this.find("help").showModal(), notes: () => this.openNotes(),
        print: () => { this.find("help").close(); this.print(false); },
        "print-notes": () => { this.find("help").close(); this.print(true); },
      };
      goes[go]?.();
      const link = event.target.closest('[data-role="overview"] a');
      if (link) {
        event.preventDefault();
        this.find("overview").close();
        this.show(Number(link.hash.slice(1)) - 1);
      }
      if (event.target === event.currentTarget.body || event.target.matches(".deck-slide, .stage")) {
        if (event.clientX > innerWidth * 0.92) this.next();
        if (event.clientX < innerWidth * 0.08) this.previous();
      }
    });
    this.find("letters").addEventListener("change", (event) => { this.letters = event.target.checked; });
    document.addEventListener("keydown", (event) => this.key(event));
    // After a click the deck has the keys again. Whoever came to a control by keyboard, or types, stays there.
    document.addEventListener("click", (event) => { if (event.detail) this.back(event.target); });
    document.addEventListener("pointerup", (event) => { if (event.target.matches('input[type="range"]')) setTimeout(() => this.back(event.target)); });
    let pointed = false;
    document.addEventListener("pointerdown", () => { pointed = true; }, true);
    document.addEventListener("keydown", () => { pointed = false; }, true);
    document.addEventListener("change", (event) => { if (pointed && event.target.matches("select")) this.back(this.now); });
    course.polls.counted = (event) => { if (event.detail) this.back(event.target); };
    let touch = null;
    document.addEventListener("touchstart", (event) => {
      touch = event.touches.length === 1 && !event.target.closest("input, select, .plot, .scroll") ? event.touches[0] : null;
    }, { passive: true });
    document.addEventListener("touchend", (event) => {
      if (!touch) return;
      const [end] = event.changedTouches;
      const [x, y] = [end.clientX - touch.clientX, end.clientY - touch.clientY];
      if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) { if (x < 0) this.next(); else this.previous(); }
      touch = null;
    }, { passive: true });
    addEventListener("resize", () => this.fit(this.now));
    addEventListener("hashchange", () => this.follow());
    addEventListener("beforeprint", () => this.fitAll());
    addEventListener("afterprint", () => { document.documentElement.classList.remove("with-notes"); this.fit(this.now); });
    this.follow();
  },
  back(from) {
    if (document.querySelector("dialog[open]") || from.closest('select, textarea, input[type="text"], input[type="number"], dialog')) return;
    this.now.focus({ preventScroll: true });
  },
  follow() {
    const wanted = Number(location.hash.slice(1));
    this.show(Number.isInteger(wanted) && wanted > 0 ? wanted - 1 : Math.max(0, this.at));
  },
};

// A new class begins with nothing answered.
try {
  const kept = ["is-ketamine-an-opioid", "course"].map((course) => `${course}:${document.documentElement.dataset.page}:`);
  Object.keys(localStorage).filter((key) => kept.some((own) => key.startsWith(own))).forEach((key) => localStorage.removeItem(key));
} catch { /* nothing is kept here */ }
document.addEventListener("DOMContentLoaded", () => courseDeck.start());
