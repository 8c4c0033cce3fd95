// A handout's own part, after the offline host: the reader's answers to a file and back, and the order on paper.

// What each kind of display keeps under a name: whether a value has that shape, and fits what stands on this page.
const courseShapes = {
  whole: (value, below) => Number.isInteger(value) && value >= 0 && value < below,

  prediction(root, { guesses }, name, value) {
    const fits = (guess, one) => (guess.shape === "pick"
      ? this.whole(one, guess.texts.length)
      : Number.isFinite(one) && one >= guess.minimum && one <= guess.maximum);
    return name === root.dataset.prediction && Array.isArray(value) && value.length === guesses.length
      && guesses.every((guess, at) => fits(guess, value[at]));
  },

  quiz(root, { items }, name, value) {
    const item = items.find(({ id }) => id === name);
    if (!item || typeof value !== "object" || Array.isArray(value)) return false;
    const box = root.querySelector(`[data-quiz-item="${CSS.escape(name)}"]`);
    const { answer, sure = null, hints = 0, tries = 0, shown = false } = value;
    const sures = [...box.querySelectorAll('[data-role="sure"] option')].map((option) => option.value);
    return this.answer(box, item, answer) && (sure === null || (Number.isInteger(sure) && sures.includes(String(sure))))
      && this.whole(hints, 100) && this.whole(tries, 10_000) && typeof shown === "boolean";
  },

  // An answer by the kind of its question, as controls() of quiz.js reads it.
  answer(box, { kind }, answer) {
    if (kind === "number") return typeof answer === "string" && answer.length <= box.querySelector('input[type="text"]').maxLength;
    if (kind === "single") return this.whole(answer, box.querySelectorAll("input").length);
    if (kind === "mend") {
      const checks = box.querySelectorAll('[data-role="model"] input').length;
      const { text, ticked = [] } = answer ?? {};
      return typeof text === "string" && text.length <= box.querySelector("textarea").maxLength
        && Array.isArray(ticked) && new Set(ticked).size === ticked.length && ticked.every((one) => this.whole(one, checks));
    }
    if (!Array.isArray(answer)) return false;
    const distinct = new Set(answer).size === answer.length;
    if (kind === "several") return answer.length > 0 && distinct && answer.every((one) => this.whole(one, box.querySelectorAll("input").length));
    if (kind === "ordering") {
      const steps = box.querySelectorAll(".steps > li").length;
      return answer.length === steps && distinct && answer.every((one) => this.whole(one, steps));
    }
    const slots = [...box.querySelectorAll("[data-slot]")];
    const choices = (slot) => slot.querySelectorAll("input").length || slot.querySelectorAll("option").length - 1;
    return answer.length === slots.length && slots.every((slot, at) => this.whole(answer[at], choices(slot)));
  },

  claims: (root, { claims, verdicts }, name, value) => claims.some(({ id }) => id === name) && verdicts.includes(value),

  sections: (root, { subjects }, name, value) => subjects.includes(name) && value === true,
};

// Answers to a file and back. A file is somebody's text: it is checked whole before anything is changed, its
// words are only ever shown as text, and only answers to what stands on this page are taken from it.
const courseFile = {
  course: "is-ketamine-an-opioid",
  format: 1,
  page: document.documentElement.dataset.page,
  version: document.querySelector('meta[name="version"]').content,
  largest: 1_000_000, // bytes of a file
  longest: 20_000, // characters of one answer
  known: new Map(), // what the displays were given

  // name: of whoever answered. given: when each answer was given, and its verdict where this page knows the key.
  text(name = "") {
    const { course: course_, format, page, version } = this;
    const answers = courseStore.all();
    const given = Object.fromEntries(Object.keys(answers).map((key) => [key, { at: courseStore.stamped(key), verdict: this.verdict(key, answers[key]) }]));
    return `${JSON.stringify({ course: course_, format, page, version, name, saved: new Date().toISOString(), answers, given }, null, 1)}\n`;
  },

  // right, partly or wrong; null for what is no question, or is judged by whoever has the key.
  verdict(key, value) {
    const [, data] = this.display(key);
    const item = data?.kind === "quiz" && data.mode !== "check" && data.items.find(({ id }) => id === key.slice(key.indexOf(":") + 1));
    try {
      const found = item && course.quiz.judge(item, value.answer, true).verdict;
      return found && found !== "ask" ? found : null;
    } catch { return null; }
  },

  // The script of the display that keeps something under a name, and what it was given.
  display(name) {
    const colon = name.indexOf(":");
    const script = document.querySelector(`script[data-course="${CSS.escape(name.slice(0, colon))}"]`);
    if (!script || colon < 1) return [];
    if (!this.known.has(script)) this.known.set(script, JSON.parse(script.textContent));
    return [script, this.known.get(script)];
  },

  // What a file holds for this page, {answers, left}. Throws an Error whose message is for the reader.
  read(text) {
    const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
    let found = null;
    try { found = JSON.parse(text); } catch { /* said below */ }
    if (!isObject(found) || found.course !== this.course || found.format !== this.format || !isObject(found.answers)) {
      throw new Error("It is not a file of answers that a page of this course saved.");
    }
    if (found.page !== this.page) {
      throw new Error(`Its answers belong to another page: ${String(found.page).slice(0, 80)}. This page is ${this.page}.`);
    }
    const given = Object.entries(found.answers);
    const answers = given.filter(([name, value]) => this.fits(name, value));
    // Of another version of the page, some may well not fit. Of this one, all were saved here.
    const wrong = found.version === this.version ? given.find(([name, value]) => !this.fits(name, value)) : undefined;
    if (wrong) {
      throw new Error(`What it holds as “${wrong[0].slice(0, 80)}” is nothing that this page saves: the file was changed or damaged after it was saved. Save your answers again where you gave them, and load that file.`);
    }
    if (!answers.length) throw new Error("It holds no answer to anything on this page.");
    const times = isObject(found.given) ? found.given : {};
    const when = (name) => (isObject(times[name]) && typeof times[name].at === "string" && times[name].at.length <= 40 ? times[name].at : null);
    return { answers: answers.map(([name, value]) => [name, value, when(name)]), left: given.length - answers.length };
  },

  // Whether this page could have saved this value under this name.
  fits(name, value) {
    const [script, data] = this.display(name);
    if (!script || name.length > 200 || value === null || JSON.stringify(value).length > this.longest) return false;
    return Object.hasOwn(courseShapes, data.kind) && courseShapes[data.kind](script.previousElementSibling, data, name.slice(name.indexOf(":") + 1), value);
  },

  // Puts the answers in. Returns how many were replaced.
  put(answers) {
    const replaced = answers.filter(([name]) => courseStore.get(name) !== null).length;
    answers.forEach(([name, value, at]) => { courseStore.set(name, value); courseStore.stamp(name, at); });
    return replaced;
  },
};

// Whose answers these are: one name for all pages of the course, as long as the browser keeps it.
const courseName = {
  key: "is-ketamine-an-opioid:name",
  get() { try { return localStorage.getItem(this.key) ?? ""; } catch { return ""; } },
  set(name) {
    try {
      if (name) localStorage.setItem(this.key, name);
      else localStorage.removeItem(this.key);
    } catch { /* it stays in its field */ }
  },
};

// The buttons in the footer. What they did is said in the page, also after it was loaded anew.
function courseFooter(footer) {
  const part = (name) => footer.querySelector(`[data-role="${name}"]`);
  const button = (name) => footer.querySelector(`[data-action="${name}"]`);
  const says = part("answers-status");
  const sure = part("sure");
  const input = part("answers-file");
  const name = part("answers-name");
  name.value = courseName.get();
  name.addEventListener("change", () => courseName.set(name.value.trim()));
  const count = (number) => (number === 1 ? "1 answer" : `${number} answers`);
  const say = (text) => { says.textContent = text; };

  function again(text, role) {
    document.querySelectorAll("form").forEach((form) => form.reset());
    courseStore.again([text, role]);
  }

  button("save").addEventListener("click", () => {
    const number = Object.keys(courseStore.all()).length;
    if (!number) { say("There is no answer on this page yet, so there is nothing to save."); return; }
    const link = document.createElement("a");
    const whose = name.value.trim();
    link.href = URL.createObjectURL(new Blob([courseFile.text(whose)], { type: "application/json" }));
    const slug = whose.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 30);
    link.download = `${courseFile.course}-${courseFile.page.replaceAll("/", "-")}-answers${slug && `-${slug}`}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    const nameless = whose ? "" : " It bears no name: to hand it in, write yours above and save it again.";
    say(`Saved ${count(number)} in the file ${link.download}, where your browser puts downloads.${nameless}`);
  });

  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    try {
      if (file.size > courseFile.largest) throw new Error("It is far larger than a file of answers.");
      const { answers, left } = courseFile.read(await file.text());
      const replaced = courseFile.put(answers);
      const over = replaced ? ` ${count(replaced)} given here before ${replaced === 1 ? "was" : "were"} replaced.` : "";
      const lost = left ? ` ${count(left)} ${left === 1 ? "belongs" : "belong"} to another version of this page and ${left === 1 ? "was" : "were"} left out.` : "";
      again(`Loaded ${count(answers.length)} from the file.${over}${lost}`, "answers-file");
    } catch (problem) {
      say(`Not loaded: “${file.name.slice(0, 80)}”. ${problem.message} Nothing was changed.`);
      input.value = "";
    }
  });

  const ask = (yes) => {
    sure.hidden = !yes;
    button("forget").setAttribute("aria-expanded", String(yes));
    (yes ? button("keep") : button("forget")).focus();
  };
  button("forget").addEventListener("click", () => {
    const number = Object.keys(courseStore.all()).length;
    if (!number) { say("There is no answer on this page, so there is nothing to forget."); return; }
    say("");
    part("how-many").textContent = count(number);
    ask(true);
  });
  button("keep").addEventListener("click", () => { ask(false); say("Kept. Nothing was forgotten."); });
  sure.addEventListener("keydown", (event) => { if (event.key === "Escape") button("keep").click(); });
  button("forget-all").addEventListener("click", () => {
    courseName.set("");
    again(`Forgotten: ${count(courseStore.forget())} on this page.`, "forget");
  });

  footer.querySelectorAll("[data-needs-script]").forEach((node) => node.removeAttribute("data-needs-script"));
  if (courseSaid) {
    const [text, role] = courseSaid;
    // Back to where the reader was, and a moment later, so that a screen reader notices.
    (part(role) ?? button(role)).focus();
    setTimeout(() => say(text), 300);
  }
}

// On paper a long table stands at the end, with its number at the chart. Without scripts it stays at the chart.
const coursePaper = {
  rows: 12, // and characters, beyond which a table is long
  characters: 1000,
  moved: [],
  printing: false,

  set(printing) {
    const appendix = document.querySelector(".appendix");
    if (printing === this.printing) return;
    this.printing = printing;
    document.querySelectorAll("[data-explorer]").forEach((node) => node.dispatchEvent(new CustomEvent("course:paper", { detail: printing })));
    if (!printing) {
      this.moved.splice(0).forEach(({ table, home, notes }) => { home.append(table); notes.forEach((note) => note.remove()); });
      appendix.hidden = true;
      return;
    }
    for (const details of document.querySelectorAll("details.numbers")) {
      const table = details.querySelector(".scroll");
      const long = table.querySelectorAll("tbody tr").length > this.rows || table.textContent.length > this.characters;
      if (details.closest("[hidden]") || !long) continue;
      const number = this.moved.length + 1;
      const at = document.createElement("p");
      const link = document.createElement("a");
      link.href = `#numbers-${number}`;
      link.textContent = `Table ${number}`;
      at.className = "numbers-at";
      at.append("The numbers: ", link, " at the end.");
      details.after(at);
      const name = document.createElement("span");
      name.textContent = `Table ${number}. `;
      table.querySelector("caption").prepend(name);
      const place = document.createElement("div");
      place.className = "numbers";
      place.id = `numbers-${number}`;
      // A table of few, short cells leaves room for another half beside it.
      const longest = Math.max(...[...table.querySelectorAll("tr")].map((row) => [...row.cells].reduce((sum, cell) => sum + cell.textContent.length + 3, 0)));
      place.classList.toggle("narrow", longest <= 72);
      place.append(table);
      appendix.append(place);
      this.moved.push({ table, home: details, notes: [at, name, place] });
    }
    appendix.hidden = !this.moved.length;
  },
};

// What a link leads to is opened first.
function courseOpen(id) {
  let target = null;
  try { target = document.getElementById(decodeURIComponent(id)); } catch { /* no place of this page */ }
  for (let up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
  return target;
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (link && !event.defaultPrevented) courseOpen(link.getAttribute("href").slice(1));
});
addEventListener("hashchange", () => courseOpen(location.hash.slice(1))?.scrollIntoView());
if (location.hash.length > 1) courseOpen(location.hash.slice(1))?.scrollIntoView();

// The words of this page, from its own list.
function courseMeaning(anchor) {
  const entry = document.getElementById(anchor);
  if (!entry?.matches(".word")) return null;
  const says = entry.closest(".entry").querySelector("p")?.cloneNode(true);
  if (!says) return null;
  const source = says.querySelector("a")?.textContent ?? "";
  return { term: entry.textContent, text: says.textContent.replace(source ? ` (${source})` : "", ""), source };
}
course.words(document.querySelector("main"), courseMeaning);

document.querySelector(".to-answers").removeAttribute("data-needs-script");
courseFooter(document.querySelector("footer.bottom"));
addEventListener("beforeprint", () => coursePaper.set(true));
addEventListener("afterprint", () => coursePaper.set(false));
matchMedia("print").addEventListener("change", (event) => coursePaper.set(event.matches));
