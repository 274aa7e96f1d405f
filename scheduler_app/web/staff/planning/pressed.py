"""What the buttons of the planning page send back, read again: it comes from outside."""

import json
from datetime import UTC, datetime
from typing import Any

from scheduler_app.services.check_chain import arranged_as, read_arrangement
from scheduler_app.services.find_bundle import BundleBooking
from scheduler_app.services.slot_request import SlotRequest

START = "%Y-%m-%dT%H:%MZ"
MOST_BOOKINGS = 6


def pressed_chain(asked: SlotRequest, value: str) -> BundleBooking | None:
    """The arrangement of what was asked for, and its start; None if it is none."""
    try:
        sent = json.loads(value)
        starts_at = _start(sent["start"])
        arranged = arranged_as(asked, read_arrangement(sent["request"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return BundleBooking(arranged, starts_at) if arranged is not None else None


def pressed_bundle(value: str) -> list[BundleBooking]:
    """What a plan books; empty if it is none."""
    try:
        booked = json.loads(value)["book"]
        if not isinstance(booked, list) or len(booked) > MOST_BOOKINGS:
            return []
        return [BundleBooking(read_arrangement(request), _start(start)) for start, request in booked]
    except (ValueError, TypeError, KeyError, RecursionError):
        return []


def _start(text: Any) -> datetime:
    return datetime.strptime(text, START).replace(tzinfo=UTC)
