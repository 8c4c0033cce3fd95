// The learner commits to a guess; only then does the answer appear, with the distance to it.
course.define("prediction", (root, host) => {
  const { guesses } = host.data;
  const form = root.querySelector("form.controls");
  const answer = root.querySelector('[role="status"]');
  const gap = root.querySelector(".gap");
  const commit = form.querySelector('[data-action="commit"]');
  const again = form.querySelector('[data-action="again"]');
  const input = (guess) => form.querySelector(`[data-guess="${CSS.escape(guess.name)}"] input`);

  const round = (value) => String(Math.round(value * 10) / 10);

  function read(guess) {
    const node = input(guess);
    const text = `${node.value} ${guess.unit}`;
    node.setAttribute("aria-valuetext", text);
    node.nextElementSibling.textContent = text;
    return Number(node.value);
  }

  function distance(guess, value) {
    const unit = guess.unit === "%" ? "points" : guess.unit;
    if (value > guess.high) return `${round(value - guess.high)} ${unit} above it`;
    if (value < guess.low) return `${round(guess.low - value)} ${unit} below it`;
    return "inside it";
  }

  function reveal() {
    const lines = guesses.map((guess) => {
      const value = read(guess);
      const strip = gap.querySelector(`[data-strip="${CSS.escape(guess.name)}"]`);
      const x = ((value - guess.minimum) / (guess.maximum - guess.minimum)) * 400;
      strip.querySelector("[data-marker]").setAttribute("transform", `translate(${x} 0)`);
      const yours = strip.querySelector("[data-yours]");
      yours.textContent = `you: ${value} ${guess.unit}`;
      yours.setAttribute("x", x > 300 ? x - 12 : x + 12);
      yours.setAttribute("text-anchor", x > 300 ? "end" : "start");
      const line = `${guess.label}: you said ${value} ${guess.unit}; the range is ${guess.answer}; you are ${distance(guess, value)}.`;
      strip.setAttribute("aria-label", line);
      return line;
    });
    answer.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    gap.hidden = false;
    again.hidden = false;
    guesses.forEach((guess) => { input(guess).disabled = true; });
    commit.setAttribute("aria-disabled", "true");
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => guesses.forEach(read));
  commit.addEventListener("click", () => {
    if (commit.getAttribute("aria-disabled") === "true") return;
    reveal();
    host.remember("guess", guesses.map((guess) => Number(input(guess).value)));
  });
  again.addEventListener("click", () => {
    guesses.forEach((guess) => { input(guess).disabled = false; });
    commit.removeAttribute("aria-disabled");
    gap.hidden = true;
    again.hidden = true;
    answer.replaceChildren();
    input(guesses[0]).focus();
  });
  const before = host.recall("guess");
  if (Array.isArray(before) && before.length === guesses.length) {
    guesses.forEach((guess, index) => { input(guess).value = before[index]; });
    reveal();
  }
});
