"""Terminlotse: one appointment instead of five."""

__version__ = "0.1.0"
