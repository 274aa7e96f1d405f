"""`python -m scheduler_app.cli` is the same as `terminlotse`."""

from scheduler_app.cli.main import main

main(prog_name="terminlotse")
