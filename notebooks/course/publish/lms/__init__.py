"""The bank of questions for a school's learning management system: Moodle XML, GIFT, QTI 1.2 and 2.1, and a table.

`text2qti` and `qti-package-maker` were tried first: neither keeps feedback for each answer of every kind, and neither
writes orderings or gaps for Canvas, so the formats are written here and read back by readers of other hands.
"""
