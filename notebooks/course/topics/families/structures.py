"""Ketamine's two mirror forms beside the frames of morphine and fentanyl."""

from __future__ import annotations

from ...display import Chart, ChartView, Drawing, Table
from ...display.diagrams import diagram
from ...evidence import reference, row, table
from ...evidence.records import Definition, Drug

# What the drawing shows of each drug, in its words.
DRAWN = {
    "esketamine": "Two single rings on one carbon. Its solid wedge points towards you.",
    "arketamine": "The same atoms and bonds; the mirror image of S-ketamine.",
    "morphine": "Five rings fused into one frame. Drawn flat: its handedness is left out.",
    "fentanyl": "Three single rings, joined by short chains. It has no mirror form.",
}
STRUCTURE = "FA111"


def skeletons() -> ChartView:
    """S- and R-ketamine as mirror images, and the frames of morphine and fentanyl."""
    shown = diagram("skeletons")
    drugs = {drug.drug: drug for drug in table(Drug)}
    said = {found.drug: found for found in table(Definition) if found.definition == "structure"}
    rows = [(drugs[slug], words, said.get(slug)) for slug, words in DRAWN.items()]
    return ChartView(
        Chart(
            "skeletons",
            "Morphine and fentanyl have different skeletons, and ketamine has neither",
            None,
            [Drawing(layer.name, svg=layer.svg) for layer in shown.layers],
            shown.description,
            Table(
                "What is drawn",
                ("Drug", "The drawing shows", "Molar mass", "By structure", "Source", "Rows"),
                [
                    (
                        drug.name,
                        words,
                        f"{drug.molar_mass_g_per_mol:g} g/mol",
                        found.reason if found else "The R form of ketamine.",
                        reference((found or drug).source).label,
                        ", ".join([drug.id] + ([found.id] if found else [])),
                    )
                    for drug, words, found in rows
                ],
            ),
            [row(STRUCTURE).source, *((found or drug).source for drug, _, found in rows)],
            caveat="Lines are bonds and corners are carbon; most hydrogen is left out. Flat drawings of solid things: "
            "how a molecule fits a receptor cannot be read from them.",
            subtitle="Skeletons in the way chemists draw them: the two mirror forms of ketamine, and two opioids.",
            width=shown.width,
            height=shown.height,
        )
    )
