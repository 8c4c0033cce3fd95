// The learner commits to a guess; only then does the answer appear, with the distance to it.
course.define("prediction", (root, host) => {
  const { guesses } = host.data;
  const form = root.querySelector("form.controls");
  const answer = root.querySelector('[role="status"]');
  const gap = root.querySelector(".gap");
  const commit = form.querySelector('[data-action="commit"]');
  const again = form.querySelector('[data-action="again"]');
  const box = (guess) => form.querySelector(`[data-guess="${CSS.escape(guess.name)}"]`);
  const inputs = (guess) => [...box(guess).querySelectorAll("input")];

  const WIDE = 400; // units of a strip, which has a little more room on both sides
  const EDGE = 10;
  const ROOM = WIDE + 2 * EDGE;
  const round = (value) => String(Math.round(value * 10) / 10);

  // A number, or the place of the option picked; null while nothing is picked.
  function read(guess) {
    if (guess.shape === "pick") {
      const picked = inputs(guess).find((input) => input.checked);
      return picked ? Number(picked.value) : null;
    }
    const [node] = inputs(guess);
    const text = `${node.value} ${guess.unit}`;
    node.setAttribute("aria-valuetext", text);
    node.nextElementSibling.textContent = text;
    return Number(node.value);
  }

  function write(guess, value) {
    if (guess.shape === "pick") inputs(guess).forEach((input, index) => { input.checked = index === value; });
    else inputs(guess)[0].value = value;
  }

  function distance(guess, value) {
    const unit = guess.unit === "%" ? "points" : guess.unit;
    if (value > guess.high) return `${round(value - guess.high)} ${unit} above it`;
    if (value < guess.low) return `${round(guess.low - value)} ${unit} below it`;
    return guess.low === guess.high ? "exactly there" : "inside it";
  }

  function lineOf(guess, value) {
    if (guess.shape === "pick") {
      const end = value === guess.right ? "That is it." : `The answer is: ${guess.answer}.`;
      return `${guess.label}: you said “${guess.texts[value]}”. ${end}`;
    }
    const line = `${guess.label}: you said ${value} ${guess.unit}; the ${guess.low === guess.high ? "answer" : "range"} is ${guess.answer}; you are ${distance(guess, value)}.`;
    const strip = gap.querySelector(`[data-strip="${CSS.escape(guess.name)}"]`);
    const x = ((value - guess.minimum) / (guess.maximum - guess.minimum)) * WIDE;
    strip.querySelector("[data-marker]").setAttribute("transform", `translate(${x} 0)`);
    const yours = strip.querySelector("[data-yours]");
    yours.textContent = `you: ${value} ${guess.unit}`;
    yours.dataset.at = x;
    labels(strip);
    strip.setAttribute("aria-label", line);
    return line;
  }

  // A label stands under its place, moved in as far as its own width asks; one wider than the strip gets smaller.
  function labels(strip) {
    strip.querySelectorAll("text").forEach((text) => {
      text.removeAttribute("font-size");
      const size = parseFloat(getComputedStyle(text).fontSize) || 15;
      // Before it is laid out a text has no length: then by its letters.
      const wide = text.getComputedTextLength() || text.textContent.length * size * 0.6;
      const fits = Math.min(1, ROOM / wide);
      if (fits < 1) text.setAttribute("font-size", size * fits);
      const at = Number(text.dataset.at);
      // The learner's own stands beside its mark, the answer under its place.
      const beside = at + 12 + wide > WIDE + EDGE ? at - 12 - wide : at + 12;
      const wanted = "yours" in text.dataset ? beside : at - (wide * fits) / 2;
      const left = Math.max(-EDGE, Math.min(WIDE + EDGE - wide * fits, wanted));
      text.setAttribute("text-anchor", "start");
      text.setAttribute("x", left);
    });
  }

  const say = (...lines) => answer.replaceChildren(...lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })));

  function reveal() {
    say(...guesses.map((guess) => lineOf(guess, read(guess))));
    gap.hidden = false;
    again.hidden = false;
    guesses.forEach((guess) => inputs(guess).forEach((input) => { input.disabled = true; }));
    commit.setAttribute("aria-disabled", "true");
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => guesses.forEach(read));
  commit.addEventListener("click", () => {
    if (commit.getAttribute("aria-disabled") === "true") return;
    const missing = guesses.find((guess) => read(guess) === null);
    if (missing) {
      say(`Pick an answer first: ${missing.label}.`);
      inputs(missing)[0].focus();
      return;
    }
    reveal();
    host.remember(root.dataset.prediction, guesses.map(read));
  });
  again.addEventListener("click", () => {
    guesses.forEach((guess) => inputs(guess).forEach((input) => { input.disabled = false; }));
    commit.removeAttribute("aria-disabled");
    gap.hidden = true;
    again.hidden = true;
    answer.replaceChildren();
    (inputs(guesses[0]).find((input) => input.checked) ?? inputs(guesses[0])[0]).focus();
  });
  // Letters come in another size with a slide's layout, or once a hidden strip is shown.
  const look = new ResizeObserver(() => {
    if (!gap.hidden) gap.querySelectorAll(".strip").forEach(labels);
  });
  look.observe(gap);
  const fits = (guess, value) => (guess.shape === "pick" ? guess.texts[value] !== undefined : Number.isFinite(value));
  const restore = (before) => {
    if (!Array.isArray(before) || before.length !== guesses.length || !guesses.every((guess, at) => fits(guess, before[at]))) return;
    guesses.forEach((guess, at) => write(guess, before[at]));
    reveal();
  };
  restore(host.recall(root.dataset.prediction));
  host.onAnswer?.((_, value) => restore(value));
});
