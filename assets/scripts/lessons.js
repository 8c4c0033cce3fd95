// Nothing to bring to life beyond what all kinds share.
course.define("lessons", () => {});
