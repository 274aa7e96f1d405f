"""Schema changes, numbered; run with ``terminlotse db upgrade``."""
