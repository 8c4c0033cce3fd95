"""`data/README.md`: the data dictionary, written from `data/datapackage.json` so that the two cannot differ."""

from __future__ import annotations

import json

from ..evidence import reference, references, table
from ..files import DATA
from ..files import write as write_whole
from . import reproductions

INTRODUCTION = """# The evidence

Every number and claim of the course rests on a row in this folder, and every row on a source in
[references.bib](references.bib). The folder is a [Frictionless data package](datapackage.json).
This page is written from it by `make refresh`; do not edit it by hand.

**Provenance.** Rows were collected by reading papers, abstracts, labels and, where those could not be had,
pages that quote them. `verification` says which, and `date_checked` when. Where sources disagree, all of them are kept.
A row that breaks its schema is refused when the course loads it, with the file, the line, the column and the mend.

**License.** The selection, the wording and the derived values are [CC BY 4.0](../LICENSE-CONTENT.md). The
measured facts belong to nobody; cite the sources for them.

**Questions** stand in [quizzes/](quizzes), one YAML file a chapter, described by
[quizzes/schema.json](quizzes/schema.json). Their numbers are read from these rows by id.

**To add a row**: append it with the next free id, cite a key of references.bib (add the entry if need be), run
`make refresh` and `make test`.
"""


def text() -> str:
    """The whole page."""
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    parts = [INTRODUCTION]
    for resource in package["resources"]:
        rows = table(resource["name"])
        counts = {
            status: sum(row.verification == status for row in rows)
            for status in dict.fromkeys(sorted(row.verification for row in rows))
        }
        parts.append(
            f"## {resource['title']}: [{resource['path']}]({resource['path']})\n\n{resource['description']} "
            f"{len(rows)} rows: " + ", ".join(f"{count} {status}" for status, count in counts.items()) + ".\n\n"
            "| column | type | unit | what it holds | rules |\n|---|---|---|---|---|\n"
            + "".join(_field(field) for field in resource["schema"]["fields"])
        )
        if resource["name"] == "reproductions":
            parts.append(_reproductions())
    parts.append(
        f"## Sources: [references.bib](references.bib)\n\n{len(references())} sources. `shorttitle` is what a chart "
        "shows where a source has no author and year. The link leads to the authority: the paper, the statute, the "
        "regulator's label or page, the agency's own page. `read` holds the addresses at which the text was read where "
        "that was elsewhere (an abstract, a copy, a quotation), with `here` where a part was read at the source; the "
        "reference lists show it. `authority` says "
        "whose page a link leads to where its address does not. `authorcheck` says why the names of an entry could "
        "not be looked up.\n"
    )
    return "\n".join(parts)


def _figures(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _field(field: dict) -> str:
    rules = field.get("constraints", {})
    said = [name for name in ("required", "unique") if rules.get(name)]
    said += [f"one of: {', '.join(rules['enum'])}"] if "enum" in rules else []
    said += [f"at least {rules['minimum']}"] if "minimum" in rules else []
    said += [f"at most {rules['maximum']}"] if "maximum" in rules else []
    said += [f"form `{rules['pattern']}`"] if "pattern" in rules else []
    return (
        f"| `{field['name']}` | {field['type']} | {field.get('unit', '')} | {field['description']} | "
        f"{'; '.join(said)} |\n"
    )


def _reproductions() -> str:
    """The published values beside those of the models."""
    lines = reproductions.table()
    return (
        f"{reproductions.summary(lines)}. Worked out anew by `make refresh`; a test fails where a number and its "
        "verdict disagree.\n\n"
        "| row | model | what | published | modeled | ratio | verdict | source |\n|---|---|---|---|---|---|---|---|\n"
        + "".join(
            f"| {line.row.id} | {line.row.model} | {line.row.quantity}: {line.row.setting} | {line.published} | "
            f"{_figures(line.modelled)} | {line.ratio:.2f} | {line.verdict} | {reference(line.row.source).label} |\n"
            for line in lines
        )
    )


def write() -> None:
    """Writes `data/README.md`."""
    write_whole(DATA / "README.md", text())
