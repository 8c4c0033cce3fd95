// A chart needs nothing of its own: its dots and scrolling are common to all kinds.
course.define("chart", () => {});
