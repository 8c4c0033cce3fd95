// html-validate's recommended rules, less a few, each with its reason.
module.exports = {
  root: true,
  extends: ["html-validate:recommended"],
  elements: ["html5"],
  rules: {
    // Both are HTML; the templates write it small, as all other names.
    "doctype-style": ["error", { style: "lowercase" }],
    // Headings have JupyterLab's own anchors, so that one link works in the notebook and on the page. They keep the
    // heading's commas and question marks, which HTML allows.
    "valid-id": ["error", { relaxed: true }],
    // Boxes to tick belong together by their name, as radio buttons do.
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit"] }],
    // An explorer's form groups its controls and sends nothing, so it has nothing to submit.
    "wcag/h32": "off",
    // A tab names the edition, the chapter and the course.
    "long-title": "off",
    // Generated markup: long lines and spaces at their ends weigh a few bytes and mean nothing.
    "no-trailing-whitespace": "off",
  },
};
