"""Paper for a class: each form of the test as a booklet with its key apart, and one page for each chapter."""
