// The record of work: the kernel makes the file from the record, the page hands it to the reader as a download.
course.define("certificate", (root, host) => {
  const form = root.querySelector("form");
  if (!form) return;
  const field = form.querySelector("input");
  const button = form.querySelector("button");
  const status = root.querySelector('[role="status"]');
  let asking = false;

  async function make() {
    if (asking) return;
    asking = true;
    button.setAttribute("aria-disabled", "true");
    const late = setTimeout(() => { status.textContent = "The kernel is busy. The record of work is made when it is free."; }, 1500);
    try {
      const { html, file } = await host.request({ name: field.value });
      const address = URL.createObjectURL(new Blob([html], { type: "text/html" }));
      const link = Object.assign(document.createElement("a"), { href: address, download: file });
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60000);
      status.textContent = `Made: ${file}. Your browser keeps it where it keeps downloads. Open it there to print it.`;
    } catch (problem) {
      status.textContent = problem.message;
      field.focus();
    } finally {
      clearTimeout(late);
      asking = false;
      button.removeAttribute("aria-disabled");
    }
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  button.addEventListener("click", make);
  // JupyterLab keeps Enter in a field from handing in the form.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    make();
  });
});
