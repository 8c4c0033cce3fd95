// Where the server forgets, the record can be taken along at once.
course.define("start", (root, host) => {
  course.present?.(root, host);
  const button = root.querySelector('[data-action="take"]');
  if (!button) return;
  const status = root.querySelector('[role="status"]');
  let busy = false;
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    status.textContent = "Preparing your record. If the kernel is busy, this waits for it.";
    try {
      const { events, files } = await host.request({ do: "export" });
      course.offer(root.querySelector('[data-role="files"]'), files);
      status.textContent = `Your record is ready: ${events} ${events === 1 ? "event" : "events"}. The links below save it on your device.`;
    } catch (problem) {
      status.textContent = problem.message;
    }
    busy = false;
  });
});
