"""Slides of every chapter, made of the same notebook: one file each, with no kernel and no network.

`python -m course.publish.slides` builds them into `build/slides/`, from the execution that the handouts use too.

What becomes a slide:

- The title cell is the title slide, with the chapter's promise; *Afterwards you can* is the second.
- Every `##` section opens with a slide of its heading and a short text, unless that text is empty: then its
  first display opens it. *Words* and *Sources* have none.
- Every chart, explorer, prediction, question and claim is a slide of its own, alive. Questions and claims are
  asked as in a poll: nobody is told right or wrong until the instructor reveals the answer.
- A picture is as large as the slide allows and never cut: its letters have 16 pixels or more at 1280 x 720. A chart
  too tall for that is shared between two slides, with its head and axis on both (`split_charts.py`).
- A form (`quiz.check`), the start line, the map and the reference list are for one reader, and are left out.

The short text is never the prose of the page. It is the section's first sentence or sentences, without their
citations, while they stay within `short.LEAD` characters; then the bold leads of its first list, or where these are
of one or two words, the first sentence of each point. Where that gives a poor slide, the cell's metadata says better:
`{"course": {"slide": "Short text"}}` (Markdown, at most `plan.LONGEST` characters). A mapping {heading: text} serves a
cell with several headings; an empty text means no slide. On a cell without a heading it makes a slide, whose title is
the text's own `## ` line. All prose is in the speaker notes: of the title slide what is tagged `instructor`, of each
other slide what the notebook says from there to the next.

In JupyterLab the same notebook is shown by jupyterlab-slideshow. Its `slideshow.slide_type` (`slide` or `skip`) is
derived from all this by `make refresh`; only `fragment`, set by hand, is kept: the points of that text appear one
by one.
"""
