// Sections of a chapter: each tick goes into the record, and a line says how many are done.
course.define("sections", (root, host) => {
  const inputs = [...root.querySelectorAll("input")];
  const status = root.querySelector('[role="status"]');
  if (!status) return;
  const subjects = host.data.subjects;
  const count = () => inputs.filter((input) => input.checked).length;
  inputs.forEach((input, place) => {
    input.checked = host.recall(subjects[place]) === true;
    input.addEventListener("change", () => {
      host.remember(subjects[place], input.checked || null);
      status.textContent = `${count()} of ${inputs.length} sections finished.`;
    });
  });
  host.onAnswer?.((subject, value) => {
    const input = inputs[subjects.indexOf(subject)];
    if (input) input.checked = value === true;
    status.textContent = `${count()} of ${inputs.length} sections finished.`;
  });
  if (count()) status.textContent = `${count()} of ${inputs.length} sections finished.`;
});
