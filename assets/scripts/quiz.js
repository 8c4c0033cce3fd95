// Questions. To practise, they are judged in the page, and no kernel is asked: the rules are those of quiz/grading.py, and one table of
// answers runs against both. Markup in host.data was written, and escaped, in Python; what a learner typed is
// only ever shown as text.
course.quiz = {
  longest: 60,
  letters: "ABCDEFGH",

  // The places 0 to count - 1 in an order that the words alone decide: the same words, the same order.
  shuffled(count, words) {
    let state = 2166136261;
    for (const sign of words) state = Math.imul(state ^ sign.codePointAt(0), 16777619);
    const dice = () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
    const order = [...Array(count).keys()];
    for (let last = count - 1; last > 0; last -= 1) {
      const other = Math.floor(dice() * (last + 1));
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  },

  // The options of a question in the order that its learner sees. place(order) puts them so, with their letters;
  // key(text) gives a key its letters as shown. On paper they stand as in the bank, where the key was written.
  options(box, item, seed) {
    const holder = { single: "fieldset", several: "fieldset", truth: '[data-slot="1"]' }[item.kind];
    const group = holder && box.querySelector(holder);
    const labels = group ? [...group.querySelectorAll(":scope > label.option")] : [];
    const bank = [...labels.keys()];
    let order = bank;
    const stand = (places) => places.forEach((place, at) => {
      group.append(labels[place]);
      labels[place].querySelector(".letter").textContent = this.letters[at];
    });
    const fits = (places) => Array.isArray(places) && places.length === labels.length && bank.every((place) => places.includes(place));
    const made = {
      get order() { return order; },
      place(places) {
        if (!labels.length || !fits(places)) return;
        order = places;
        stand(order);
      },
      // turn: how many tries came before, so that each try has an order of its own.
      shuffle(turn) {
        const kept = !seed || item.order === "fixed";
        if (labels.length && !kept) made.place(course.quiz.shuffled(labels.length, `${seed} ${item.id} ${turn}`));
        if (!labels.length && !kept) course.quiz.choices(box, item, `${seed} ${item.id} ${turn}`);
      },
      key: (text) => (labels.length && item.kind !== "truth"
        ? text.replace(/(^|; )([A-H])(?=\. )/g, (_, before, letter) => before + this.letters[order.indexOf(this.letters.indexOf(letter))])
        : text),
    };
    if (labels.length && seed) {
      addEventListener("beforeprint", () => stand(bank));
      addEventListener("afterprint", () => stand(order));
    }
    return made;
  },

  // What a line or a gap offers: all lines of a matching in one order, each gap in its own.
  choices(box, item, words) {
    box.querySelectorAll("[data-slot] select").forEach((list, slot) => {
      const options = [...list.options].filter((option) => option.value).sort((a, b) => a.value - b.value);
      const chosen = list.value;
      const order = this.shuffled(options.length, item.kind === "cloze" ? `${words} ${slot}` : words);
      order.forEach((place) => list.append(options[place]));
      list.value = chosen;
    });
  },

  // A learner's "410 nM" in the item's unit: {value}, or {problem} with what to write instead. What can be read in
  // one way is understood, what can be read in two is asked about (quantities.py).
  parse(text, item) {
    const example = item.unit ? `“1.5 ${item.unit}”` : "“1.5”";
    let tidy = text.replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "").replaceAll("−", "-").replaceAll("μ", "µ")
      .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)) // as East Asian keyboards type them
      .replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15).replaceAll("٫", ".").replaceAll("٬", "’")
      .replace(/[\t\n\r \u00a0\u2000-\u200a\u202f\u205f\u3000]+/g, " ").replace(/^ +| +$/g, "");
    if (!tidy) return { problem: `Write your answer first, for example ${example}.` };
    if ([...tidy].length > this.longest) return { problem: `That is too long. Write one number, for example ${example}.` };
    const hedge = /^(?:(?:about|around|approximately|approx\.?|roughly|nearly|almost|circa|ca\.?|some|exactly|maybe|perhaps|probably|i think|i guess|it is|it['’]s|that is)(?![a-z])|[=~≈≃:])[ :]*/i;
    while (hedge.test(tidy)) tidy = tidy.replace(hedge, "");
    const bound = tidy.match(/^(?:[<>≤≥±]|(?:more than|less than|fewer than|at least|at most|over|under|above|below|up to|between|from)(?![a-z]))/i);
    if (bound) return { problem: `Write one number, without “${bound[0]}”, for example ${example}.` };
    const raised = (power) => [...power].map((sign) => "0123456789+-"["⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻".indexOf(sign)] ?? sign).join("");
    tidy = tidy
      .replace(/([0-9.]) ?[xX×*·⋅] ?10(?:(?:\^|\*\*) ?\(?([+-]?[0-9]+)\)?|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))/g, (_, before, power, above) => `${before}e${raised(power || above)}`)
      .replace(/^([+-]?)10(?:(?:\^|\*\*) ?\(?([+-]?[0-9]+)\)?|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))/, (_, sign, power, above) => `${sign}1e${raised(power || above)}`);
    const found = tidy.match(/^([+-]?[.,]?[0-9](?:[0-9,.'’ ]*[0-9,.'’])?)((?:[eE][+-]?[0-9]+)?)([\s\S]*)$/);
    if (!found) return { problem: `Start with a number in digits, for example ${example}.` };
    const [, given, power, rest] = found;
    const digits = given.replace(/,+$/, "");
    const { number, problem } = this.digits(digits);
    if (problem) return { problem };
    const size = this.size(rest, item, example);
    if (size.problem) return size;
    const value = Number(number + power) * size.factor;
    return Number.isFinite(value) ? { value } : { problem: `“${digits}${power}” is too large to judge.` };
  },

  // The digits with a point for decimals and nothing between thousands.
  digits(digits) {
    const sign = /^[+-]/.test(digits) ? digits[0] : "";
    const bare = digits.slice(sign.length);
    if (/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(bare)) return { number: digits };
    if (/^[1-9][0-9]{0,2}(?:[ '’][0-9]{3})+(?:[.,][0-9]*)?$/.test(bare)) return { number: sign + bare.replace(/[ '’]/g, "").replace(",", ".") };
    if (/^[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}(?:\.[0-9]*)?|,[0-9]{3}\.[0-9]*)$/.test(bare)) return { number: sign + bare.replaceAll(",", "") };
    if (/^[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|\.[0-9]{3},[0-9]+)$/.test(bare)) return { number: sign + bare.replaceAll(".", "").replace(",", ".") };
    if (/^[1-9][0-9]{0,2},[0-9]{3}$/.test(bare)) {
      return { problem: `“${bare}” can be read in two ways. Write ${bare.replace(",", "")} or ${bare.replace(",", ".")}, without a comma.` };
    }
    if (/^[0-9]*,[0-9]+$/.test(bare)) return { number: sign + bare.replace(",", ".") };
    return { problem: `“${digits}” cannot be read as one number. Write it like 41700 or 0.41.` };
  },

  // The size, in the item's unit, of what stands behind the number: {factor} or {problem}.
  size(rest, item, example) {
    const spelling = rest.replace(/^[ (]+|[ .,;!?)]+$/g, "").replace(/ ?\/ ?| per (?=m?[lL]$)/g, "/")
      .replace(/^([A-Za-zµ]+)[ ·⋅.]?(m?[lL]) ?(?:\^?-1|⁻¹)/, "$1/$2");
    const known = (one) => Object.hasOwn(item.factors, one);
    if (spelling && !known(spelling) && /[0-9⁰¹²³⁴-⁹½¼¾⅓⅔]/.test(spelling)) return { problem: `Write one number only, for example ${example}.` };
    const tail = / ?(?:of [a-z -]+|or so|more|approximately|approx|about|roughly|exactly|altogether|in all|in total|i think|as (?:many|much|high|large|often|strong|likely)(?: [a-z -]+)?)$/i;
    const short = known(spelling) ? spelling : spelling.replace(tail, "");
    if (known(short)) return { factor: item.factors[short] };
    if (!short) return { problem: `Add the unit, for example ${example}.` };
    const lower = short.toLowerCase();
    if (/^[a-z -]{4,}$/.test(lower) && known(lower)) return { factor: item.factors[lower] };
    const same = Object.keys(item.factors).find((one) => one && one.toLowerCase() === lower);
    if (same) return { problem: `Capital letters matter in units. Did you mean ${same}?` };
    return { problem: item.offered
      ? `“${spelling}” does not fit here. Write one number with its unit: ${item.offered}.`
      : `“${spelling}” is not understood here. Write the number alone.` };
  },

  // verdict: right, partly, wrong, or ask (nothing to judge yet). says: text. feedback, beliefs: pieces of markup.
  // answer: as grade() of grading.py has it, by the kind of the item. first: whether it is the first try, which gets
  // the first wrong part explained; later ones get all.
  judge(item, answer, first) {
    return this[{ single: "single", several: "several", number: "number", ordering: "order", mend: "mend" }[item.kind] ?? "slots"](item, answer, first);
  },

  judged(verdict, says, feedback = [], wrong = []) {
    return { verdict, says, feedback: [...new Set(feedback)], beliefs: [...new Set(wrong.map((one) => one.belief).filter(Boolean))] };
  },

  single(item, answer) {
    if (answer === null) return this.judged("ask", "Choose an answer first.");
    const chosen = item.options[answer];
    return this.judged(chosen.right ? "right" : "wrong", chosen.right ? "Right." : "Not yet.", [chosen.feedback], [chosen]);
  },

  several(item, answer, first) {
    const chosen = [...new Set(answer)].sort((a, b) => a - b);
    if (!chosen.length) return this.judged("ask", "Choose at least one answer first.");
    const extra = chosen.filter((index) => !item.options[index].right).map((index) => item.options[index]);
    const missing = item.options.filter((option, index) => option.right && !chosen.includes(index));
    const hits = chosen.length - extra.length;
    if (!extra.length && !missing.length) return this.judged("right", "Right.", chosen.map((index) => item.options[index].feedback));
    const partly = hits > extra.length; // ticking everything is no half answer
    const says = [partly ? "Partly." : "Not yet."];
    if (extra.length) says.push(`${extra.length} of your choices ${extra.length === 1 ? "does" : "do"} not fit.`);
    if (missing.length) says.push(`${missing.length} that ${missing.length === 1 ? "fits is" : "fit are"} still missing.`);
    const off = [...extra, ...missing].slice(0, first ? 1 : undefined);
    const texts = off.map((option) => `“${option.text.replace(/\.+$/, "")}” ${option.right ? "fits too" : "does not fit"}. ${option.feedback}`);
    return this.judged(partly ? "partly" : "wrong", says.join(" "), texts, off);
  },

  // True or false with a reason, lines to match, gaps: one choice for each slot.
  slots(item, answer, first) {
    if (answer === null || answer.includes(null)) return this.judged("ask", item.ask);
    const chosen = answer.map((place, slot) => ({ ...item.slots[slot].options[place], label: item.slots[slot].label }));
    const wrong = chosen.filter((one) => !one.right);
    if (item.kind === "truth") {
      if (!wrong.length) return this.judged("right", "Right.", [chosen[1].feedback]);
      const half = chosen[0].right;
      const says = half ? `Partly. ${chosen[0].text} is right; the reason is another.` : "Not yet.";
      return this.judged(half ? "partly" : "wrong", says, wrong.map((one) => one.feedback), wrong);
    }
    if (!wrong.length) return this.judged("right", "Right.");
    const fits = chosen.length - wrong.length;
    const partly = 2 * fits >= chosen.length; // a single line that fits may be luck
    const says = `${partly ? "Partly." : "Not yet."} ${fits} of ${chosen.length} fit${fits === 1 ? "s" : ""}.`;
    const told = first && item.kind === "matching" ? wrong.slice(0, 1) : wrong;
    return this.judged(partly ? "partly" : "wrong", says, told.map((one) => `${one.label}: ${one.feedback}`), told);
  },

  order(item, answer) {
    if (answer === null || !answer.length) return this.judged("ask", "Put the steps in order first.");
    const off = answer.map((step, place) => (step === place ? -1 : place)).filter((place) => place >= 0);
    if (!off.length) return this.judged("right", "Right.");
    const stand = answer.length - off.length;
    const step = item.options[off[0]];
    const partly = 2 * stand >= answer.length; // one step in place is luck
    const says = `${partly ? "Partly" : "Not yet"}. In the right place: ${stand} of ${answer.length}.`;
    return this.judged(partly ? "partly" : "wrong", says, [`Place ${off[0] + 1} belongs to “${step.text.replace(/\.+$/, "")}”. ${step.feedback}`], [step]);
  },

  // Nobody but the learner judges what she wrote: what is said is what she ticked, and why the rest matters.
  mend(item, answer) {
    if (!answer?.text.trim()) return this.judged("ask", "Write your sentence first.");
    const { ticked = [] } = answer;
    const left = item.checks.filter((_, place) => !ticked.includes(place)).map((check) => check.feedback);
    return this.judged("self", `By your own assessment: ${ticked.length} of ${item.checks.length}. No machine has judged your sentence.`, left);
  },

  number(item, answer) {
    const { value, problem } = this.parse(answer ?? "", item);
    if (problem) return this.judged("ask", problem);
    const within = (found, target, tolerance) => Math.abs(found - target) <= tolerance * (1 + 1e-9);
    if (within(value, item.value, item.tolerance)) return this.judged("right", "Right.");
    const met = item.traps.filter((trap) => within(value, trap.value, trap.tolerance))
      .sort((a, b) => Math.abs(value - a.value) - Math.abs(value - b.value));
    if (met.length) return this.judged("wrong", "Not yet.", [met[0].feedback], [met[0]]);
    const slipped = item.slips.some((slip) => within(value / slip, item.value, item.tolerance));
    return this.judged("wrong", `Not yet. ${slipped ? item.slip : `Your number is too ${value > item.value ? "high" : "low"}.`}`);
  },

  // Whether there is anything to keep, for a page that does not know the key: nothing, or what is still to do.
  open(item, answer) {
    if (item.kind === "number") return this.parse(answer ?? "", item).problem ?? "";
    if (item.kind === "mend") return answer.text.trim() ? "" : "Write your sentence first.";
    if (item.kind === "single") return answer === null ? "Choose an answer first." : "";
    if (item.kind === "several") return answer.length ? "" : "Choose at least one answer first.";
    if (item.kind === "ordering") return answer === null ? "Put the steps in order first." : "";
    return answer.includes(null) ? item.ask : "";
  },

  // The controls of one question: read() and write(answer), clear(), and first, where to begin again.
  controls(box, item) {
    if (item.kind === "ordering") return this.steps(box);
    const within = (node, what) => [...node.querySelectorAll(what)];
    if (item.kind === "mend") {
      const field = box.querySelector("textarea");
      const checks = within(box, '[data-role="model"] input');
      return {
        first: field,
        checks,
        read: () => ({ text: field.value, ticked: checks.flatMap((check, place) => (check.checked ? [place] : [])) }),
        write({ text, ticked = [] }) {
          field.value = String(text ?? "");
          checks.forEach((check, place) => { check.checked = ticked.includes(place); });
        },
        clear() {
          field.value = "";
          checks.forEach((check) => { check.checked = false; });
        },
      };
    }
    if (item.kind === "number") {
      const field = box.querySelector('input[type="text"]');
      return { first: field, read: () => field.value, write: (text) => { field.value = String(text ?? ""); }, clear: () => { field.value = ""; } };
    }
    const groups = item.kind === "single" || item.kind === "several" ? [box.querySelector("fieldset")] : within(box, "[data-slot]");
    const picks = groups.map((group) => within(group, "input"));
    const lists = groups.map((group) => group.querySelector("select"));
    const set = (slot, places) => {
      if (lists[slot]) lists[slot].value = places.length ? String(places[0]) : "";
      picks[slot].forEach((input, place) => { input.checked = places.includes(place); });
    };
    const chosen = (slot) => (lists[slot]
      ? [lists[slot].value].filter(Boolean).map(Number)
      : picks[slot].flatMap((input, place) => (input.checked ? [place] : [])));
    const one = (slot) => chosen(slot)[0] ?? null;
    return {
      get first() { return lists[0] ?? groups[0].querySelector("input"); }, // as shown, not as in the bank
      read() {
        if (item.kind === "single") return one(0);
        return item.kind === "several" ? chosen(0) : groups.map((_, slot) => one(slot));
      },
      write(answer) {
        if (item.kind === "single" || item.kind === "several") set(0, [answer].flat());
        else groups.forEach((_, slot) => set(slot, [answer?.[slot]].filter(Number.isInteger)));
      },
      clear: () => groups.forEach((_, slot) => set(slot, [])),
    };
  },

  // Steps move by buttons; the focus stays on the button that was pressed, and the new place is said.
  steps(box) {
    const list = box.querySelector(".steps");
    const said = box.querySelector('[data-role="moved"]');
    const shown = [...list.children];
    let touched = false;
    const button = (step, way) => step.querySelector(`[data-move="${way}"]`);
    const mark = () => [...list.children].forEach((step, place, all) => {
      button(step, "up").setAttribute("aria-disabled", String(place === 0));
      button(step, "down").setAttribute("aria-disabled", String(place === all.length - 1));
    });
    list.addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-move]");
      if (!pressed || pressed.getAttribute("aria-disabled") === "true") return;
      const step = pressed.closest("li");
      if (pressed.dataset.move === "up") step.previousElementSibling.before(step);
      else step.nextElementSibling.after(step);
      touched = true;
      mark();
      pressed.focus();
      const place = [...list.children].indexOf(step) + 1;
      said.textContent = `${step.querySelector(".text").textContent}: now place ${place} of ${shown.length}.`;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
    const order = (steps) => { list.append(...steps); mark(); };
    mark();
    return {
      get first() { return button(list.children[0], "down"); },
      read: () => (touched ? [...list.children].map((step) => Number(step.dataset.step)) : null),
      write(answer) {
        const steps = answer.map((place) => shown.find((step) => Number(step.dataset.step) === place));
        if (steps.includes(undefined) || new Set(steps).size !== shown.length) return;
        order(steps);
        touched = true;
      },
      clear() { order(shown); touched = false; said.textContent = ""; },
    };
  },
};

course.define("quiz", (root, host) => {
  const { mode, reveal: revealing } = host.data;
  const SURE = 75;
  const KEPT = host.live ? "Kept. It is judged when you hand in." : "Kept in this browser. Your instructor has the key.";
  const UNKEPT = "Kept on this page until it is closed. Your instructor has the key.";
  // While JupyterLab shows slides to a class, practice is a poll too: nothing is judged, and nothing is recorded.
  const polling = () => mode === "poll" || (mode === "practice" && document.body.dataset.jpDeckMode === "presenting");

  const element = (name, className, text = "") => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  };
  const written = (markup, className = "") => {
    const made = element("p", className);
    made.innerHTML = markup;
    return made;
  };
  // Where to read again: a section of this chapter, or of another one.
  const readAgain = ({ section }, words = "Read again") => {
    const line = element("p", "again", `${words}: `);
    const chapter = section.chapter.slice(0, 2);
    const link = element("a", "", mode === "practice" ? section.title : `chapter ${chapter}, “${section.title}”`);
    link.href = mode === "practice" ? `#${section.anchor}` : `${section.chapter}.${host.live ? "ipynb" : "html"}#${section.anchor}`;
    link.dataset.chapter = chapter;
    if (mode !== "practice" && host.live) Object.assign(link.dataset, { notebook: `${section.chapter}.ipynb`, section: section.anchor });
    line.append(link);
    return line;
  };
  const answerOf = (item, words, key) => [element("p", "key", key(item.key)), written(item.why_html ?? item.why), readAgain(item, words)];
  const OFFER = "That was more than one try. “Show the answer” says what is right, and why.";

  function question(item) {
    const box = root.querySelector(`[data-quiz-item="${CSS.escape(item.id)}"]`);
    box.courseItem = item; // for slides, where a class is polled
    const controls = course.quiz.controls(box, item); // knows the options as the bank has them
    const options = course.quiz.options(box, item, mode === "poll" ? "" : host.seed ?? host.data.seed ?? "");
    options.shuffle(0);
    box.courseKey = () => options.key(item.key ?? "");
    const button = (action) => box.querySelector(`[data-action="${action}"]`);
    const status = box.querySelector('.feedback[role="status"]');
    const sources = box.querySelector('[data-role="sources"]');
    const sure = box.querySelector('[data-role="sure"]');
    const hints = [...box.querySelectorAll('[data-role="hints"] li')];
    let tries = 0;
    let hinted = 0;
    let shown = false;

    const sureness = () => (sure?.value ? Number(sure.value) : null);
    // The whole message is put in at once, so that it is announced once.
    const say = (verdict, says, pieces = [], strong = false) => {
      const message = element("div", strong ? "strong" : "");
      message.dataset.verdict = verdict;
      message.append(element("p", "verdict", says), ...pieces);
      status.replaceChildren(message);
      const judged = verdict !== "ask" && verdict !== "kept";
      if (sources) sources.hidden = !judged;
      if (button("retry")) button("retry").hidden = !judged;
      if (button("reveal")) button("reveal").hidden = verdict === "shown" || (polling() ? mode === "poll" && !revealing : verdict === "right" || verdict === "self" || tries < 2);
    };
    const clear = () => {
      status.replaceChildren();
      if (sources) sources.hidden = true;
      if (button("retry")) button("retry").hidden = true;
    };
    const value = () => ({ answer: controls.read(), sure: sureness(), hints: hinted, shown, tries, ...(options.order.length && { order: options.order }) });

    // An error of somebody who was sure is worth more words: the belief behind it, and where it is mended.
    const show = ({ verdict, says, feedback, beliefs }, sure) => {
      const strong = sure >= SURE && (verdict === "wrong" || verdict === "partly");
      const pieces = feedback.map((text) => written(text));
      if (strong) {
        pieces.unshift(element("p", "", "You were sure, so this is worth a second look."));
        pieces.push(...beliefs.map((text) => written(`The idea behind it: “${text}”.`)));
      }
      if (verdict === "self") pieces.push(written(item.why));
      if (verdict === "right") {
        pieces.push(written(item.why));
        if (host.live && sure !== null && sure < SURE) pieces.push(element("p", "", "You were not sure. This question will come back in your review."));
      }
      if (verdict !== "ask") pieces.push(readAgain(item, strong ? "Mend it here" : "Read again"));
      if (["wrong", "partly"].includes(verdict) && tries > 1) pieces.push(element("p", "offer", OFFER));
      say(verdict, says, pieces, strong);
    };

    // A sentence that was mended: first the model answer and the checks, then what she ticked.
    const model = box.querySelector('[data-role="model"]');
    const compare = (yes = true) => {
      if (!model) return;
      model.hidden = !yes;
      button("check").firstChild.textContent = yes ? "Keep my assessment" : "Compare";
      if (yes) say("kept", "Kept. Read the model answer, tick what your version does, then keep your assessment.");
      if (yes && button("retry")) button("retry").hidden = false;
    };

    function check() {
      const given = controls.read();
      if (polling() || mode === "check") {
        const open = course.quiz.open(item, given);
        if (open) {
          say("ask", open);
          controls.first.focus();
          return;
        }
        const kept = mode === "practice" || host.remember(item.id, value());
        say("kept", polling() ? "Your choice is noted." : kept === false ? UNKEPT : KEPT);
        return;
      }
      if (model?.hidden && !course.quiz.open(item, given)) {
        compare();
        host.remember(item.id, { ...value(), tries: 1 });
        return;
      }
      const judged = course.quiz.judge(item, given, tries === 0);
      if (judged.verdict !== "ask") tries += 1;
      show(judged, sureness());
      if (judged.verdict === "ask") controls.first.focus();
      else host.remember(item.id, value());
    }
    const retry = () => {
      controls.clear();
      compare(false);
      if (sure) sure.value = "";
      options.shuffle(tries);
      controls.first.focus();
      clear();
    };
    const reveal = () => {
      shown = true;
      button("check").focus();
      say("shown", "Here is the answer.", answerOf(item, undefined, options.key));
    };
    const hint = () => {
      if (hinted === hints.length) return;
      box.querySelector('[data-role="hints"]').hidden = false;
      hints[hinted].hidden = false;
      hinted += 1;
      const left = hints.length - hinted;
      const name = button("hint");
      name.firstChild.textContent = left ? `Next hint (${hinted + 1} of ${hints.length})` : "All hints are shown";
      name.setAttribute("aria-disabled", String(!left));
    };

    button("check")?.addEventListener("click", check);
    button("retry")?.addEventListener("click", retry);
    button("reveal")?.addEventListener("click", reveal);
    button("hint")?.addEventListener("click", hint);
    // What was said no longer fits once the answer changes; how sure one is changes no answer.
    box.addEventListener("input", (event) => { if (event.target !== sure) clear(); });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches('input[type="text"]') && !event.isComposing) {
        event.preventDefault();
        check();
      }
    });

    // What the reader answered before, where the host keeps it.
    const put = (before) => {
      options.place(before.order);
      try { controls.write(before.answer); } catch { return false; }
      if (sure) sure.value = before.sure ? String(before.sure) : "";
      return true;
    };
    const restore = (before) => {
      if (!before || typeof before !== "object" || !put(before)) return;
      if (mode === "poll") say("kept", "Your choice is noted.");
      else if (mode !== "check") {
        tries = before.tries ?? before.try ?? 1;
        if (model && !course.quiz.open(item, controls.read())) compare();
        const judged = course.quiz.judge(item, controls.read(), tries === 1);
        if (judged.verdict !== "ask") show(judged, before.sure ?? null);
      } else if (!host.live && !course.quiz.open(item, controls.read())) say("kept", host.kept?.(item.id) === false ? UNKEPT : KEPT);
    };
    restore(mode === "review" || mode === "poll" ? host.given?.(item.id) : host.recall(item.id));
    return { item, box, controls, options, value, say, clear, put, restore, sureness };
  }

  const questions = host.data.items.map(question);
  if (mode === "check") test(questions);
  host.onAnswer?.((subject, value) => {
    questions.find(({ item }) => item.id === subject)?.restore(value);
    root.dispatchEvent(new Event("course:answered"));
  });

  // A form is handed in as a whole; the kernel judges. Without a kernel it is a worksheet.
  function test(all) {
    const end = root.querySelector(".hand-in");
    const result = end.querySelector('[role="status"]');
    const hand = end.querySelector('[data-action="hand-in"]');
    const again = end.querySelector('[data-action="again"]');
    const count = end.querySelector('[data-role="count"]');
    const isOpen = ({ item, controls }) => course.quiz.open(item, controls.read()) !== "";
    let warned = false;
    let handing = ""; // the id of a hand-in that was not confirmed: sent again, it is written once

    const tally = () => {
      const open = all.filter(isOpen).length;
      count.textContent = `${all.length - open} of ${all.length} answered.`;
      return open;
    };
    const line = (...texts) => result.replaceChildren(...texts.map((text) => element("p", "", text)));

    function shown({ items, at }) {
      const verdicts = [];
      for (const { item, box, options, put, say } of all) {
        const judged = items[item.id];
        if (!judged) continue;
        put(judged);
        verdicts.push(judged.verdict);
        const strong = judged.sure >= SURE && judged.verdict !== "right";
        const pieces = [...judged.feedback.map((text) => written(text))];
        if (strong) pieces.unshift(element("p", "", "You were sure, so this is worth a second look."));
        if (strong) pieces.push(...judged.beliefs.map((text) => written(`The idea behind it: “${text}”.`)));
        say(judged.verdict, judged.says, [...pieces, ...answerOf(judged, strong ? "Mend it here" : "Read again", options.key)], strong);
        box.querySelectorAll("input, select").forEach((node) => { node.disabled = true; });
        box.querySelectorAll("button").forEach((node) => { node.hidden = true; });
      }
      hand.hidden = true;
      again.hidden = false;
      count.textContent = "";
      const day = new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
      const [right, partly] = ["right", "partly"].map((verdict) => verdicts.filter((one) => one === verdict).length);
      // Points as everywhere: half a point for what is partly right.
      const points = `${right + Math.floor(partly / 2) || (partly % 2 ? "" : 0)}${partly % 2 ? "½" : ""}`;
      const result = partly ? `${points} of ${all.length} points (${right} right, ${partly} partly right)` : `${right} of ${all.length} right`;
      line(`Handed in on ${day}: ${result}.`, `Each answer is explained above.${host.data.form === "page" ? "" : " Your first hand-in counts for your learning gain."}`);
    }

    hand.addEventListener("click", async () => {
      const open = tally();
      if (open && !warned) {
        warned = true;
        // What was typed and not understood says so at its question.
        all.filter(({ item, controls }) => item.kind === "number" && controls.read().trim()).forEach(({ item, controls, say }) => {
          const problem = course.quiz.open(item, controls.read());
          if (problem) say("ask", problem);
        });
        const places = all.filter(isOpen).map(({ box }) => box.querySelector(".number").firstChild.textContent.replace("Question", "").trim());
        const which = places.length === 1 ? `question ${places[0]}` : `questions ${places.slice(0, -1).join(", ")} and ${places.at(-1)}`;
        line(`${open} ${open === 1 ? "question is" : "questions are"} still open: ${which}. ${open === 1 ? "It would count" : "They would count"} as not known. To hand in all the same, press the button again.`);
        return;
      }
      const late = setTimeout(() => line("Handed over. The kernel is busy; your answers are judged when it is free."), 1500);
      const answers = all.filter((one) => !isOpen(one)).map(({ item, value }) => [item.id, value()]);
      try {
        handing ||= host.newId?.() ?? "";
        const reply = await host.request({ hand_in: Object.fromEntries(answers), id: handing });
        clearTimeout(late);
        handing = "";
        shown(reply.handed);
        if (reply.said) result.append(element("p", "", reply.said));
        again.focus();
      } catch (problem) {
        clearTimeout(late);
        line("Not handed in yet. Your answers are kept.", problem.message);
      }
    });
    again.addEventListener("click", () => {
      for (const { box, controls, clear } of all) {
        box.querySelectorAll("input, select").forEach((node) => { node.disabled = false; });
        box.querySelectorAll('button[data-action="check"], button[data-move]').forEach((node) => { node.hidden = false; });
        controls.clear();
        clear();
      }
      warned = false;
      again.hidden = true;
      hand.hidden = false;
      tally();
      line("All questions are open again. The first hand-in stays in your record.");
      all[0].controls.first.focus();
    });
    root.addEventListener("change", (event) => {
      const one = all.find(({ box }) => box.contains(event.target));
      tally();
      warned = false;
      handing = "";
      if (one && !isOpen(one)) host.remember(one.item.id, one.value());
    });
    tally();
    if (host.data.handed) shown(host.data.handed);
    root.addEventListener("course:answered", tally);
    host.onData?.((now) => { if (now.handed) shown(now.handed); });
  }
});
