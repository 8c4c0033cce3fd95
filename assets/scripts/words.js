// Words whose meaning opens where they stand. Their links lead to the list of words, and do so without this script.
//
// course.words(place, meanings): place: the element that holds the prose. meanings(anchor): {term, text, source}
// of the word with this anchor, or nothing for a link to anything else. Returns a function that dresses new links.
course.words = (place, meanings) => {
  let open = null; // {link, note}
  let number = 0;
  const anchorOf = (link) => {
    try { return decodeURIComponent(link.getAttribute("href").slice(1)); } catch { return ""; }
  };
  const links = () => [...place.querySelectorAll('a[href^="#"]:not([data-word]):not(.jp-InternalAnchorLink)')];

  function dress() {
    links().filter((link) => !link.closest(".course, nav") && meanings(anchorOf(link))).forEach((link) => {
      link.dataset.word = anchorOf(link);
      link.classList.add("word-link");
      link.setAttribute("aria-expanded", "false");
      // JupyterLab takes keys from what is focused, unless it says so itself.
      link.setAttribute("data-lm-suppress-shortcuts", "true");
    });
  }

  function close(focus) {
    if (!open) return;
    const { link, note } = open;
    open = null;
    note.remove();
    link.setAttribute("aria-expanded", "false");
    link.removeAttribute("aria-controls");
    if (focus) link.focus();
  }

  function part(tag, properties, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  }

  function show(link) {
    const { term, text, source } = meanings(link.dataset.word);
    close(false);
    number += 1;
    const says = part("span", { className: "says" });
    says.setAttribute("role", "status"); // there before its words are, so that they are read out
    const shut = part("button", { type: "button", textContent: "Close" });
    const list = part("a", { href: link.getAttribute("href"), textContent: "All words" });
    list.dataset.list = "";
    const note = part("div", { className: "course word-note", id: `word-note-${number}` }, says, " ", list, " ", shut);
    [shut, list].forEach((node) => node.setAttribute("data-lm-suppress-shortcuts", "true"));
    // Below the paragraph that holds the word, so that no sentence is cut in two.
    const block = link.closest("p, dt, dd, td, th, h2, h3, h4, blockquote, li");
    if (!block || block.matches("li, dd, td, th")) (block ?? link).append(note);
    else block.after(note);
    link.setAttribute("aria-expanded", "true");
    link.setAttribute("aria-controls", note.id);
    open = { link, note };
    shut.addEventListener("click", () => close(true));
    requestAnimationFrame(() => {
      says.append(part("strong", {}, term), `: ${text}`);
      if (source) says.append(" ", part("span", { className: "from" }, `(${source})`));
    });
  }

  place.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-word]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    event.stopPropagation();
    if (open?.link === link) close(true);
    else show(link);
  }, true);
  // From the list of words, back to where the word was read.
  place.addEventListener("click", (event) => {
    const list = event.target.closest?.("a[data-list]");
    if (!list || !open) return;
    const { link } = open;
    const entry = place.querySelector(`[id="${CSS.escape(anchorOf(list))}"], [data-jupyter-id="${CSS.escape(anchorOf(list))}"]`);
    if (!entry) return;
    event.preventDefault();
    close(false);
    for (let up = entry; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    const back = part("a", { href: "#", className: "word-back", textContent: "Back to the text" });
    back.addEventListener("click", (click) => {
      click.preventDefault();
      back.remove();
      link.scrollIntoView({ block: "center" });
      link.focus();
    });
    place.querySelectorAll(".word-back").forEach((other) => other.remove());
    (entry.nextElementSibling ?? entry).append(" ", back);
    entry.scrollIntoView({ block: "start" });
    back.focus({ preventScroll: true });
  });
  place.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    if (open.link !== event.target && !open.note.contains(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    close(true);
  }, true);
  addEventListener("beforeprint", () => close(false));
  dress();
  return dress;
};
