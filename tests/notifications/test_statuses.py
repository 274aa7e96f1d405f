"""Notification statuses."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.statuses import FINAL, TRANSITIONS, Status, is_final, may_become, merged


def test_names_are_those_of_govuk_notify() -> None:
    assert {status.value for status in Status} == {
        "created",
        "sending",
        "pending",
        "sent",
        "delivered",
        "temporary-failure",
        "permanent-failure",
        "technical-failure",
        "cancelled",
        "validation-failed",
    }


def test_every_status_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(Status)


def test_every_status_can_be_reached_and_left_unless_final() -> None:
    assert {Status.CREATED}.union(*TRANSITIONS.values()) == set(Status)
    assert all(TRANSITIONS[status] for status in Status if not is_final(status))


def test_nothing_becomes_waiting_again_after_the_end() -> None:
    assert all(TRANSITIONS[status] <= FINAL for status in FINAL)


@pytest.mark.parametrize(
    ("current", "new", "allowed"),
    [
        (Status.CREATED, Status.SENDING, True),
        (Status.CREATED, Status.DELIVERED, True),
        (Status.SENDING, Status.PENDING, True),
        (Status.PENDING, Status.SENDING, False),
        (Status.SENT, Status.PERMANENT_FAILURE, True),
        (Status.TEMPORARY_FAILURE, Status.DELIVERED, True),
        (Status.DELIVERED, Status.TEMPORARY_FAILURE, False),
        (Status.CANCELLED, Status.SENDING, False),
        (Status.SENDING, Status.VALIDATION_FAILED, False),
        (Status.SENDING, Status.SENDING, False),
    ],
)
def test_may_become(current: Status, new: Status, allowed: bool) -> None:
    assert may_become(current, new) is allowed


@pytest.mark.parametrize("end", [Status.DELIVERED, Status.PERMANENT_FAILURE, Status.TEMPORARY_FAILURE])
def test_receipts_in_any_order_end_the_same(end: Status) -> None:
    receipts = (Status.SENDING, Status.PENDING, end, Status.SENDING, end)
    for order in set(permutations(receipts)):
        status = Status.CREATED
        for receipt in order:
            status = merged(status, receipt)
        assert status is end, order


@given(st.lists(st.sampled_from(Status), max_size=12))
def test_receipts_never_lead_out_of_the_table(receipts: list[Status]) -> None:
    status = Status.CREATED
    for receipt in receipts:
        before, status = status, merged(status, receipt)
        assert status is before or status in TRANSITIONS[before]
