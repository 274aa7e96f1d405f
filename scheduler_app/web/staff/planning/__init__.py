"""The planning page of case managers: who is needed and when, what that leads to, and what would help."""
