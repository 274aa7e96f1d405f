"""How long an appointment takes when several concerns share it."""

from collections.abc import Sequence


def joint_minutes(
    minutes: Sequence[int], *, interpreter_extra_percent: int = 0, grid_minutes: int = 15
) -> int:
    """The length of one appointment for several concerns, on the grid.

    Greeting, identity and explanation happen once, so the longest concern counts whole and each other one half;
    interpreted talk takes ``interpreter_extra_percent`` longer. A single concern without an interpreter keeps its own
    length exactly. Raises ValueError without a concern.
    """
    if not minutes:
        raise ValueError("an appointment is for at least one concern")
    longest = max(minutes)
    # in whole two-hundredths of a minute: a float's last digit would round a full quarter of an hour up
    exact = (longest + sum(minutes)) * (100 + interpreter_extra_percent)
    return longest if exact == longest * 200 else -(-exact // (200 * grid_minutes)) * grid_minutes
