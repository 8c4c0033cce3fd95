"""How well each affinity is known is said as its row says it: what was read in a source is verified, nothing else."""

from __future__ import annotations

import pytest
from course.evidence import row, table
from course.evidence.records import Affinity, Drug
from course.topics.binding.rows import SITES, values

SAID = {
    "primary": (True, "read in a source"),
    "secondary": (True, "read in a source"),
    "derived": (False, "our arithmetic"),
    "recalled": (False, "unverified"),
    "assumption": (False, "not published"),
}
VALUES = [value for drug in table(Drug) for target in SITES for value in values(drug.drug, target)]


def test_rows_of_every_standing_are_among_them():
    standings = {row(value.row_id, Affinity).verification for value in VALUES}
    assert {"primary", "assumption"} <= standings <= set(SAID) and len(VALUES) > 20


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.row_id)
def test_a_value_is_verified_if_its_row_was_read_in_a_source(value):
    known = row(value.row_id, Affinity)
    assert (value.verified, value.status) == SAID[known.verification]
    assert value.source == known.source
    if known.verification in ("derived", "recalled"):
        assert f"{SAID[known.verification][1]}" in value.label
    if known.value_nM is not None:
        assert value.ki_nM == known.value_nM
