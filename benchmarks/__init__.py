"""Measurements and reference workloads; not part of the installed package."""
