// Claims, judged in the page: no kernel is asked. The rule is that of claims/credit.py, and one test runs both.
// Everything in host.data is text and is only ever shown as text.
course.claims = {
  // Points in halves: 2 for the same verdict, 1 for its neighbour, 0 for any other.
  halves(given, right) {
    return Math.max(0, 2 - Math.abs(given - right));
  },

  // "4", "4½" or "½".
  points(halves) {
    const whole = Math.floor(halves / 2);
    return halves % 2 ? `${whole || ""}½` : String(whole);
  },
};

course.define("claims", (root, host) => {
  const { claims, verdicts, says, close } = host.data;
  const name = (index) => verdicts[index][0].toUpperCase() + verdicts[index].slice(1);
  const right = (claim) => verdicts.indexOf(claim.verdict);
  const given = new Map();
  const others = new Map(); // by claim: shows what another view of it was told
  const result = root.querySelector(".verdict-chart");
  const score = result.querySelector('[data-role="score"]');
  const table = result.querySelector('[data-role="chart"]');

  const element = (tag, className, text = "") => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  };
  const header = (text, scope) => {
    const made = element("th", "", text);
    made.scope = scope;
    return made;
  };

  // One row a claim, one column a verdict: a disc where you are, a diamond where the evidence is.
  function line(claim) {
    const row = document.createElement("tr");
    row.append(header(`${claim.number}. ${claim.claim}`, "row"));
    verdicts.forEach((verdict, index) => {
      const you = given.get(claim.id) === index;
      const evidence = right(claim) === index;
      const text = you && evidence ? "●◆ both" : you ? "● you" : evidence ? "◆ evidence" : "";
      const cell = element("td", you && evidence ? "both" : you ? "you" : evidence ? "there" : "", text);
      cell.dataset.column = name(index);
      row.append(cell);
    });
    const points = element("td", "points", course.claims.points(course.claims.halves(given.get(claim.id), right(claim))));
    points.dataset.column = "Points";
    row.append(points);
    return row;
  }

  function summary() {
    const done = claims.filter((claim) => given.has(claim.id));
    const whole = done.length === claims.length;
    table.parentElement.hidden = !whole;
    if (!whole) {
      score.textContent = `${done.length} of ${claims.length} judged. The comparison appears here when all are.`;
      table.replaceChildren();
      return;
    }
    const halves = done.map((claim) => course.claims.halves(given.get(claim.id), right(claim)));
    const count = (points) => halves.filter((found) => found === points).length;
    const total = course.claims.points(halves.reduce((sum, found) => sum + found, 0));
    score.textContent = `${total} of ${claims.length} points: ${count(2)} as the evidence has it, ${count(1)} next to it, ${count(0)} further off.`;
    const head = document.createElement("tr");
    head.append(header("Claim", "col"), ...verdicts.map((_, index) => header(name(index), "col")), header("Points", "col"));
    const top = document.createElement("thead");
    top.append(head);
    const body = document.createElement("tbody");
    body.append(...claims.map(line));
    table.replaceChildren(element("caption", "", "● your verdict, ◆ the verdict of the evidence"), top, body);
  }

  for (const claim of claims) {
    const box = root.querySelector(`[data-quiz-item="${CSS.escape(claim.id)}"]`);
    box.courseKey = () => claim.verdict;
    box.courseItem = { kind: "single", options: verdicts.map((text) => ({ text, right: text === claim.verdict })) };
    const inputs = [...box.querySelectorAll("input")];
    const check = box.querySelector('[data-action="check"]');
    const retry = box.querySelector('[data-action="retry"]');
    const status = box.querySelector('[role="status"]');
    const sources = box.querySelector('[data-role="sources"]');

    // The whole message is put in at once, so that it is announced once.
    const say = (kind, ...texts) => {
      const message = element("div");
      message.dataset.verdict = kind;
      message.append(...texts.filter(([, text]) => text).map(([className, text]) => element("p", className, text)));
      status.replaceChildren(message);
    };
    const judged = (yes) => {
      inputs.forEach((input) => { input.disabled = yes; });
      check.hidden = yes;
      retry.hidden = !yes;
      sources.hidden = !yes;
    };
    const show = (chosen) => {
      given.set(claim.id, chosen);
      const halves = course.claims.halves(chosen, right(claim));
      const all = claims.every((one) => given.has(one.id)) && claims.length > 1;
      say(
        ["wrong", "partly", "right"][halves],
        ["verdict", says[halves]],
        ["", halves === 1 ? close[Math.min(chosen, right(claim))] : ""],
        ["key", `You: ${verdicts[chosen]}. The evidence: ${claim.verdict}.`],
        ["", claim.reason],
        ["lesson", claim.teaches],
        ["", all ? "All claims are judged. The comparison is below the last of them." : ""],
      );
      judged(true);
      summary();
    };

    check.addEventListener("click", () => {
      const chosen = inputs.findIndex((input) => input.checked);
      if (chosen < 0) {
        say("ask", ["verdict", "Choose a verdict first."]);
        inputs[0].focus();
        return;
      }
      show(chosen);
      retry.focus();
      host.remember(claim.id, verdicts[chosen]);
    });
    const open = () => {
      given.delete(claim.id);
      judged(false);
      inputs.forEach((input) => { input.checked = false; });
      status.replaceChildren();
      summary();
    };
    retry.addEventListener("click", () => {
      open();
      inputs[0].focus();
      host.remember(claim.id, null);
    });
    box.addEventListener("input", () => status.replaceChildren());

    // What the reader judged before, where the host keeps it.
    const restore = (verdict) => {
      const before = verdicts.indexOf(verdict);
      if (before < 0) return;
      inputs[before].checked = true;
      show(before);
    };
    restore(host.recall(claim.id));
    others.set(claim.id, (verdict) => (verdict === null ? open() : restore(verdict)));
  }
  host.onAnswer?.((id, verdict) => others.get(id)?.(verdict));
  summary();
});
