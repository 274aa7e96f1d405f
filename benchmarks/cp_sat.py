"""OR-Tools CP-SAT on the same searches: a constraint solver that gets every resource's free time ready-made.

It finds one start a solve, the earliest; for the next one it is asked again with what it has found excluded.
"""

from itertools import pairwise, permutations

from ortools.sat.python import cp_model

from benchmarks.dataset import Municipality, Query
from benchmarks.generate import GRID, LANGUAGES, shifts

Span = tuple[int, int]


class Solver:
    """The searches of one municipality. Time is counted in quarters of an hour from the window's start."""

    def __init__(self, data: Municipality, window: Span) -> None:
        self._start, self._quarters = window[0], (window[1] - window[0]) // GRID
        self._free = {
            x["id"]: _free_spans(x["week"], data, x["id"], window[0])
            for x in (*data["staff"], *data["interpreters"], *data["rooms"])
        }
        self._teams: list[list[str]] = [team["members"] for team in data["teams"]]
        self._speakers = {
            language: [x["id"] for x in data["interpreters"] if language in x["languages"]]
            for language in LANGUAGES
        }
        self._rooms: list[tuple[str, int]] = [(room["id"], room["capacity"]) for room in data["rooms"]]
        self._solver = cp_model.CpSolver()
        # of what was tried, the fastest: problems this small are solved before more workers or probing pay
        self._solver.parameters.num_workers = 1
        self._solver.parameters.linearization_level = 0
        self._solver.parameters.symmetry_level = 0
        self._solver.parameters.cp_model_probing_level = 0

    def starts(self, query: Query, first: int) -> list[int]:
        """The first starts of a query of the classes Q1 to Q4: epoch minutes, ascending."""
        model = cp_model.CpModel()
        start = model.new_int_var(0, self._quarters, "start")
        groups = [self._teams[team] for team in query.teams] + [[person] for person in query.persons]
        if query.language:
            groups.append(self._speakers[query.language])
        if query.capacity:
            groups.append([room for room, seats in self._rooms if seats >= query.capacity])
        for group in groups:
            self._one_of(model, group, [start], query.minutes)
        model.minimize(start)
        found: list[int] = []
        while len(found) < first and self._solver.solve(model) == cp_model.OPTIMAL:
            quarter = self._solver.value(start)
            found.append(self._start + quarter * GRID)
            model.add(start > quarter)
        return found

    def first_chain_start(self, query: Query) -> int | None:
        """When the earliest chain of a query of class Q5 begins, with one interpreter at all visits."""
        model = cp_model.CpModel()
        visits = [model.new_int_var(0, self._quarters, f"visit {number}") for number in range(3)]
        for team, visit in zip(query.teams, visits, strict=True):
            self._one_of(model, self._teams[team], [visit], query.minutes)
        self._one_of(model, self._speakers[query.language], visits, query.minutes)
        shortest, longest = ((query.minutes + gap) // GRID for gap in query.gap)
        orders = []
        for order in permutations(range(3)):
            chosen = model.new_bool_var(f"order {order}")
            for earlier, later in pairwise(order):
                step = visits[later] - visits[earlier]
                model.add_linear_constraint(step, shortest, longest).only_enforce_if(chosen)
            orders.append(chosen)
        model.add_exactly_one(orders)
        first = model.new_int_var(0, self._quarters, "first")
        model.add_min_equality(first, visits)
        model.minimize(first)
        if self._solver.solve(model) != cp_model.OPTIMAL:
            return None
        return self._start + self._solver.value(first) * GRID

    def _one_of(
        self, model: cp_model.CpModel, group: list[str], starts: list[cp_model.IntVar], minutes: int
    ) -> None:
        """Somebody of a group is free for so long from each of these starts on."""
        chosen = []
        for name in group:
            possible = self._possible_starts(name, minutes)
            if possible:
                taken = model.new_bool_var(name)
                domain = cp_model.Domain.from_intervals(possible)
                for start in starts:
                    model.add_linear_expression_in_domain(start, domain).only_enforce_if(taken)
                chosen.append(taken)
        model.add_exactly_one(chosen)

    def _possible_starts(self, name: str, minutes: int) -> list[list[int]]:
        spans = ((-(-begins // GRID), (ends - minutes) // GRID) for begins, ends in self._free[name])
        return [[first, last] for first, last in spans if first <= last]


def _free_spans(week: list[list[str]], data: Municipality, name: str, window_start: int) -> list[Span]:
    """Free time in minutes after the window's start; touching spans are not joined across a break."""
    flat = data["booked"][name]
    booked = list(zip(flat[::2], flat[1::2], strict=True))
    spans: list[Span] = []
    for opens, closes, _ in shifts(week, data["holidays"]):
        at, until = opens - window_start, closes - window_start
        for start, length in booked:
            if at <= start < until:
                spans.append((at, start))
                at = start + length
        spans.append((at, until))
    return [(begins, ends) for begins, ends in spans if begins < ends]
