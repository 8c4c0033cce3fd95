// Polls: a class answers by a show of hands, and whoever teaches counts, with clicks or by typing. Slides offline and
// live share this; nothing is sent or kept. Counts stand beside each option, before and after a discussion.
course.polls = {
  element(tag, className, text = "") {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  },

  // What hands can be raised for: [{node, name, right}]. Lists to match, gaps, steps and numbers become one single
  // choice: their first part, the first step, the number among those that are often given.
  choices(box) {
    if (box.courseChoices) return box.courseChoices;
    const item = box.courseItem ?? { kind: "single", options: [] };
    if (item.kind === "mend") return (box.courseChoices = []); // a sentence is written; no hands can be raised for it
    const labels = [...(box.querySelector("[data-slot] > label.option")?.parentElement ?? box.querySelector("fieldset")).querySelectorAll(":scope > label.option")];
    const letter = (place) => String.fromCharCode(65 + place);
    if (labels.length) {
      const options = item.slots?.[0].options ?? item.options ?? [];
      // A learner's options may stand in an order of their own: each is known by its value.
      const right = (node) => Boolean(options[Number(node.querySelector("input").value)]?.right);
      const name = (node) => node.querySelector(".letter")?.textContent || node.textContent.trim();
      box.courseChoices = labels.map((node) => ({ node, name: name(node), right: right(node) }));
      return box.courseChoices;
    }
    const { ask, options } = this.asked(box, item);
    const list = this.element("div", "asked");
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", ask);
    list.append(this.element("p", "ask", ask));
    box.courseChoices = options.map((option, place) => {
      const node = this.element("p", "option");
      node.append(this.element("span", "letter", letter(place)), this.element("span", "", option.text));
      list.append(node);
      return { node, name: letter(place), right: option.right };
    });
    box.querySelector("fieldset").append(list);
    box.classList.add("as-choice");
    return box.courseChoices;
  },
  asked(box, item) {
    if (item.kind === "ordering") {
      const steps = [...box.querySelectorAll("[data-step]")].map((step) => ({ text: step.querySelector(".text").textContent, right: step.dataset.step === "0" }));
      return { ask: "Which of these comes first?", options: steps };
    }
    if (item.kind === "number") {
      const unit = item.unit ? ` ${item.unit}` : "";
      const text = (value) => `${Number(value.toPrecision(3)).toLocaleString("en-US", { maximumSignificantDigits: 3 })}${unit}`;
      const values = [{ value: item.value, right: true }, ...item.traps.map(({ value }) => ({ value, right: false }))].sort((a, b) => a.value - b.value);
      const seen = new Set();
      return { ask: "Which comes closest?", options: values.map(({ value, right }) => ({ text: text(value), right })).filter((one) => !seen.has(one.text) && seen.add(one.text)) };
    }
    const select = box.querySelector("[data-slot] select");
    const label = item.kind === "matching" ? box.querySelector("[data-slot] label").textContent.trim() : "";
    const options = [...select.options].filter((option) => option.value).map((option) => ({ text: option.textContent, right: Boolean(item.slots?.[0].options[Number(option.value)]?.right) }));
    return { ask: label ? `What goes with “${label.replace(/[.:]+$/, "")}”?` : "What goes into gap 1?", options };
  },

  rounds: ["before discussion", "after discussion"],
  // The button that shows the counts, and the counts. changed(): called when the room that they take has changed.
  dress(box, bar, changed = () => {}) {
    const choices = this.choices(box);
    if (!choices.length) return;
    const head = this.element("p", "rounds");
    const counts = this.rounds.map(() => choices.map(() => 0));
    const tallies = choices.map(({ node, name }, place) => {
      const row = this.element("div", "counted");
      node.before(row);
      const tally = this.element("span", "tally");
      this.rounds.forEach((words, round) => tally.append(this.counter({ name, words, round, place, counts, draw })));
      row.append(node, tally);
      return tally;
    });
    tallies[0].parentElement.before(head);
    head.append(this.element("span", "", "Hands:"), ...this.rounds.map((words) => this.element("span", "", words)));
    function draw() {
      const totals = counts.map((round) => round.reduce((sum, count) => sum + count, 0));
      tallies.forEach((tally, place) => [...tally.children].forEach((counter, round) => {
        const share = totals[round] ? counts[round][place] / totals[round] : 0;
        counter.style.setProperty("--share", share);
        counter.querySelector(".percent").textContent = totals[round] ? `${Math.round(100 * share)} %` : "";
        const field = counter.querySelector("input");
        if (Number(field.value) !== counts[round][place]) field.value = counts[round][place];
      }));
    }
    const button = (action, text) => Object.assign(this.element("button", "", text), { type: "button" });
    const count = button("count", "Count hands");
    const again = button("again", "Count again after discussion");
    count.dataset.action = "count";
    count.setAttribute("aria-expanded", "false");
    again.dataset.action = "count-again";
    again.setAttribute("aria-expanded", "false");
    const show = (open, second) => {
      head.hidden = !open;
      head.children[2].hidden = !second;
      tallies.forEach((tally) => { tally.hidden = !open; tally.children[1].hidden = !second; });
      again.hidden = !open;
      count.setAttribute("aria-expanded", String(open));
      again.setAttribute("aria-expanded", String(second));
      count.textContent = open ? "Hide the counts" : "Count hands";
      again.textContent = second ? "Hide the second count" : "Count again after discussion";
      box.classList.toggle("counting", open);
      box.classList.toggle("twice", open && second);
      changed();
    };
    count.addEventListener("click", () => show(count.getAttribute("aria-expanded") !== "true", again.getAttribute("aria-expanded") === "true"));
    again.addEventListener("click", () => show(true, again.getAttribute("aria-expanded") !== "true"));
    bar.append(count, again);
    show(false, false);
  },
  counter({ name, words, round, place, counts, draw }) {
    const made = this.element("span", "counter");
    const field = Object.assign(document.createElement("input"), { type: "number", min: 0, max: 9999, value: 0, autocomplete: "off" });
    field.setAttribute("aria-label", `Hands for ${name}, ${words}`);
    field.setAttribute("data-lm-suppress-shortcuts", "true");
    const more = Object.assign(this.element("button", "", "+"), { type: "button" });
    more.setAttribute("aria-label", `One more for ${name}, ${words}`);
    more.setAttribute("data-lm-suppress-shortcuts", "true");
    const set = (value) => {
      counts[round][place] = Math.max(0, Math.min(9999, Math.trunc(Number(value)) || 0));
      draw();
    };
    more.addEventListener("click", (event) => { event.stopPropagation(); event.preventDefault(); set(counts[round][place] + 1); course.polls.counted?.(event); });
    field.addEventListener("input", (event) => { event.stopPropagation(); set(field.value); });
    field.addEventListener("change", (event) => event.stopPropagation());
    made.append(more, field, this.element("span", "bar-of-hands"), this.element("span", "percent"));
    return made;
  },

  // Takes away all that was added to a question.
  undress(box) {
    box.querySelectorAll(".counted").forEach((row) => row.replaceWith(row.querySelector(".option")));
    box.querySelectorAll(".asked, .rounds, .mark").forEach((node) => node.remove());
    box.querySelectorAll(".is-right").forEach((node) => node.classList.remove("is-right"));
    box.classList.remove("as-choice", "counting", "twice");
    delete box.courseChoices;
  },

  // What is right, marked where it stands; true if this question's options were made here.
  mark(box, on) {
    const choices = this.choices(box);
    choices.forEach(({ node, right }) => {
      node.classList.toggle("is-right", on && right);
      node.querySelector(".mark")?.remove();
      if (on && right) node.append(this.element("span", "mark", " ✓\u00a0right"));
    });
    return box.classList.contains("as-choice");
  },
};
