// Questions, judged in the page: no kernel is asked. The rules are those of quiz/grading.py, and one table of
// answers runs against both. Markup in host.data was written, and escaped, in Python; what a learner typed is
// only ever shown as text.
course.quiz = {
  longest: 40,

  // A learner's "410 nM" in the item's unit: {value}, or {problem} with what to write instead.
  parse(text, item) {
    const example = item.unit ? `“1.5 ${item.unit}”` : "“1.5”";
    const tidy = text.replaceAll("−", "-").replaceAll("μ", "µ")
      .replace(/[\t\n\r \u00a0\u2000-\u200a\u202f\u3000]+/g, " ").replace(/^ | $/g, "");
    if (!tidy) return { problem: `Write your answer first, for example ${example}.` };
    if ([...tidy].length > this.longest) return { problem: `That is too long. Write one number, for example ${example}.` };
    const found = tidy.match(/^([+-]?(?:[0-9][0-9,. ]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(.*)$/s);
    if (!found) return { problem: `Start with a number, for example ${example}.` };
    const [number, unit] = found.slice(1).map((part) => part.replace(/^ +| +$/g, ""));
    if (!/^[+-]?(?:[0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?$/.test(number)) {
      if (/^[+-]?[0-9]+,[0-9]+$/.test(number)) {
        return { problem: "Write decimals with a point, as in 41.7. A comma parts thousands, as in 41,700." };
      }
      return { problem: `“${number}” cannot be read as one number. Write it like 41,700 or 0.41.` };
    }
    if (!Object.hasOwn(item.factors, unit)) {
      if (!unit) return { problem: `Add the unit, for example ${example}.` };
      const same = Object.keys(item.factors).find((known) => known && known.toLowerCase() === unit.toLowerCase());
      if (same) return { problem: `Capital letters matter in units. Did you mean ${same}?` };
      if (!item.offered) return { problem: "Write the number alone, without a unit or other words." };
      return { problem: `“${unit}” does not fit here. Write one number with its unit: ${item.offered}.` };
    }
    const value = Number(number.replace(/[, ]/g, "")) * item.factors[unit];
    return Number.isFinite(value) ? { value } : { problem: `“${number}” is too large to judge.` };
  },

  // verdict: right, partly, wrong, or ask (nothing to judge yet). says: text. feedback: pieces of markup.
  // answer: a position (single), positions (several), or text (number).
  judge(item, answer, first) {
    return this[item.kind](item, answer, first);
  },

  single(item, answer) {
    if (answer === null) return { verdict: "ask", says: "Choose an answer first.", feedback: [] };
    const { right, feedback } = item.options[answer];
    return { verdict: right ? "right" : "wrong", says: right ? "Right." : "Not yet.", feedback: [feedback] };
  },

  several(item, answer, first) {
    const chosen = [...new Set(answer)].sort((a, b) => a - b);
    if (!chosen.length) return { verdict: "ask", says: "Choose at least one answer first.", feedback: [] };
    const extra = chosen.filter((index) => !item.options[index].right);
    const hits = chosen.length - extra.length;
    const missing = item.options.filter((option) => option.right).length - hits;
    const texts = (indices) => indices.map((index) => item.options[index].feedback);
    if (!extra.length && !missing) return { verdict: "right", says: "Right.", feedback: texts(chosen) };
    const says = [hits ? "Partly." : "Not yet."];
    if (extra.length) says.push(`${extra.length} of your choices ${extra.length === 1 ? "does" : "do"} not fit.`);
    if (missing) says.push(`${missing} that ${missing === 1 ? "fits is" : "fit are"} still missing.`);
    return { verdict: hits ? "partly" : "wrong", says: says.join(" "), feedback: first ? [] : texts(extra) };
  },

  number(item, answer) {
    const { value, problem } = this.parse(answer, item);
    if (problem) return { verdict: "ask", says: problem, feedback: [] };
    const within = (found, target, tolerance) => Math.abs(found - target) <= tolerance * (1 + 1e-9);
    if (within(value, item.value, item.tolerance)) return { verdict: "right", says: "Right.", feedback: [] };
    const met = item.traps.filter((trap) => within(value, trap.value, trap.tolerance))
      .sort((a, b) => Math.abs(value - a.value) - Math.abs(value - b.value));
    if (met.length) return { verdict: "wrong", says: "Not yet.", feedback: [met[0].feedback] };
    const slipped = item.slips.some((slip) => within(value / slip, item.value, item.tolerance));
    const says = slipped ? item.slip : `Your number is too ${value > item.value ? "high" : "low"}.`;
    return { verdict: "wrong", says: `Not yet. ${says}`, feedback: [] };
  },
};

course.define("quiz", (root, host) => {
  for (const item of host.data.items) {
    const box = root.querySelector(`[data-quiz-item="${CSS.escape(item.id)}"]`);
    const inputs = [...box.querySelectorAll("input")];
    const button = (action) => box.querySelector(`[data-action="${action}"]`);
    const status = box.querySelector('[role="status"]');
    const sources = box.querySelector('[data-role="sources"]');
    let tries = 0;

    const chosen = () => inputs.filter((input) => input.checked).map((input) => Number(input.value));
    const answer = () => ({ single: () => chosen()[0] ?? null, several: chosen, number: () => inputs[0].value })[item.kind]();

    const element = (name, className, text = "") => {
      const made = document.createElement(name);
      if (className) made.className = className;
      made.textContent = text;
      return made;
    };
    const written = (markup) => {
      const made = element("p");
      made.innerHTML = markup;
      return made;
    };
    const readAgain = () => {
      const line = element("p", "", "Read again: ");
      const link = element("a", "", item.section.title);
      link.href = `#${item.section.anchor}`;
      line.append(link);
      return line;
    };

    // The whole message is put in at once, so that it is announced once.
    const say = (verdict, says, pieces) => {
      const message = element("div");
      message.dataset.verdict = verdict;
      message.append(element("p", "verdict", says), ...pieces);
      status.replaceChildren(message);
      const judged = verdict !== "ask";
      sources.hidden = !judged;
      button("retry").hidden = !judged;
      button("reveal").hidden = verdict === "right" || verdict === "shown" || tries < 2;
    };
    const clear = () => {
      status.replaceChildren();
      sources.hidden = true;
      button("retry").hidden = true;
    };

    const show = ({ verdict, says, feedback }) => {
      const pieces = feedback.map(written);
      if (verdict === "right") pieces.push(written(item.why));
      if (verdict !== "ask") pieces.push(readAgain());
      say(verdict, says, pieces);
    };
    const check = () => {
      const given = answer();
      const judged = course.quiz.judge(item, given, tries === 0);
      if (judged.verdict !== "ask") tries += 1;
      show(judged);
      if (judged.verdict === "ask") inputs[0].focus();
      else host.remember(item.id, { answer: given, tries });
    };
    const retry = () => {
      inputs.forEach((input) => { if (item.kind === "number") input.value = ""; else input.checked = false; });
      inputs[0].focus();
      clear();
      host.remember(item.id, null);
    };
    const reveal = () => {
      button("check").focus();
      say("shown", "Here is the answer.", [element("p", "key", item.key), written(item.why), readAgain()]);
    };

    button("check").addEventListener("click", check);
    button("retry").addEventListener("click", retry);
    button("reveal").addEventListener("click", reveal);
    // What was said no longer fits once the answer changes.
    box.addEventListener("input", clear);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches('input[type="text"]') && !event.isComposing) {
        event.preventDefault();
        check();
      }
    });

    // What the reader answered before, where the host keeps it.
    const before = host.recall(item.id);
    if (before && Number.isInteger(before.tries)) {
      if (item.kind === "number") inputs[0].value = String(before.answer);
      else inputs.forEach((input) => { input.checked = [before.answer].flat().includes(Number(input.value)); });
      const judged = course.quiz.judge(item, answer(), before.tries === 1);
      tries = before.tries;
      if (judged.verdict !== "ask") show(judged);
    }
  }
});
