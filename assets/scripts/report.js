// A report from the learner's record: live, a button asks the kernel to read the record again.
course.define("report", (root, host) => {
  const button = root.querySelector('[data-action="update"]');
  if (!button) return;
  const record = root.querySelector('[data-role="record"]');
  const status = root.querySelector('[role="status"]');
  let asking = false;

  // Not disabled while it waits: a disabled button would lose the focus.
  button.addEventListener("click", async () => {
    if (asking) return;
    asking = true;
    button.setAttribute("aria-disabled", "true");
    const late = setTimeout(() => { status.textContent = "The kernel is busy. This is updated when it is free."; }, 1500);
    try {
      const { html } = await host.request({ update: true });
      record.innerHTML = html.replaceAll("__uid__", host.uid);
      course.common(root);
      const now = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
      status.textContent = `Updated at ${now}. ${record.querySelector("strong, .title")?.textContent.trim() ?? ""}`;
    } catch (problem) {
      status.textContent = problem.message;
    } finally {
      clearTimeout(late);
      asking = false;
      button.removeAttribute("aria-disabled");
    }
  });
});
