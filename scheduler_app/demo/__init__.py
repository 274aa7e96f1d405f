"""The demo: a busy municipality of Moers with invented people, on an embedded database."""
