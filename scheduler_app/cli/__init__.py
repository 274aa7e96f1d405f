"""The command line: `terminlotse`."""

from scheduler_app.cli.main import main

__all__ = ["main"]
