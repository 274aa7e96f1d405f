"""Writing thousands of invented appointments at once: the rows that the services would write, in bulk."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from notifications.fictional_numbers import FICTIONAL_MOBILES
from scheduler_app.demo.names import Speakers
from scheduler_app.demo.visits import Invented, Visit
from scheduler_app.domain.free_time import Window, cells_for
from scheduler_app.domain.languages import find_language
from scheduler_app.domain.numbers import name_key
from scheduler_app.domain.opening_hours import from_epoch_minute
from scheduler_app.models import (
    Absence,
    Appointment,
    AppointmentConcern,
    AppointmentStatus,
    Base,
    Case,
    Claim,
    Client,
    Interpreter,
    Participation,
    ParticipationRole,
    PartStat,
    Resource,
    ResourceKind,
)
from scheduler_app.models.engine import begin_write
from scheduler_app.services.catalogue import Catalogue
from scheduler_app.services.claim_slot import Owner, claim_rows, lock_resources, touch
from scheduler_app.services.participations import place_of
from scheduler_app.services.plan_interpreter import INTERPRETER
from scheduler_app.services.plan_roles import CLIENT

VISITS_A_CLIENT = 5

Row = dict[str, Any]
ORDER: tuple[type[Base], ...] = (
    Resource, Client, Case, Appointment, AppointmentConcern, Participation, Claim, Absence,
)  # fmt: skip


class VisitStore:
    """Collects rows and writes them in one transaction, through the database's guard. Only for an embedded database
    that nobody else uses yet: it numbers the rows itself."""

    def __init__(
        self, session: Session, catalogue: Catalogue, window: Window, random: Random, *, now: datetime
    ) -> None:
        self._session, self._catalogue, self._window = session, catalogue, window
        self._random, self._now = random, now
        self._rows: dict[type[Base], list[Row]] = defaultdict(list)
        self._last: dict[type[Base], int] = {
            model: session.scalar(select(func.max(model.id))) or 0
            for model in (Resource, Client, Case, Appointment)
        }
        self._clients: dict[Speakers, list[tuple[Row, list[tuple[int, int]]]]] = defaultdict(list)
        taken = set(session.scalars(select(Interpreter.mobile)))  # one phone, one person
        self._mobiles = [mobile for mobile in FICTIONAL_MOBILES if mobile not in taken]
        self._numbers = set(session.scalars(select(Appointment.number)))
        known = session.execute(select(Client.phone, Client.name_key))
        self._people = {(row.phone, row.name_key) for row in known}
        self._cases: dict[tuple[int, int], int] = {}

    def store(self, invented: Invented) -> None:
        """Write everything down and commit."""
        for visit in sorted(invented.visits, key=lambda visit: visit.cell):
            self._add_visit(visit)
        for resource_id, cell, cells in invented.away:
            starts_at, ends_at = self._moment(cell), self._moment(cell + cells)
            self._add(Absence, resource_id=resource_id, starts_at=starts_at, ends_at=ends_at)
        begin_write(self._session)
        lock_resources(self._session, self._catalogue.resource_ids)
        for model in ORDER:
            if self._rows[model]:
                self._session.connection().execute(insert(model), self._rows[model])
        touch(self._session, self._catalogue.resource_ids, now=self._now)
        self._session.commit()

    def _add(self, model: type[Base], **values: Any) -> Row:
        row = {"municipality_id": self._catalogue.municipality_id, **values}
        self._rows[model].append(row)
        return row

    def _number(self, model: type[Base]) -> int:
        self._last[model] += 1
        return self._last[model]

    def _moment(self, cell: int) -> datetime:
        return from_epoch_minute(self._window.minute_of(cell))

    def _uid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def _add_visit(self, visit: Visit) -> None:
        starts_at = self._moment(visit.cell)
        ends_at = starts_at + timedelta(minutes=visit.plan.minutes)
        changed_at = min(self._now, starts_at) - timedelta(minutes=self._random.randint(60, 20 * 24 * 60))
        client = self._client(visit)
        appointment_id = self._number(Appointment)
        appointment = self._appointment(visit, client, starts_at, ends_at, changed_at)
        self._add(Appointment, id=appointment_id, **appointment)
        for position, concern in enumerate(visit.plan.concerns):
            self._add(
                AppointmentConcern,
                appointment_id=appointment_id,
                service_id=concern.id,
                position=position,
                starts_at=starts_at,
                ends_at=ends_at,
                place=appointment["place"],
                place_id=appointment["place_id"],
            )
        everybody = {**visit.assignment, CLIENT: client["resource_id"]}
        plan = visit.plan.with_client(client["resource_id"])
        for role in plan.roles:
            if role.key in everybody:
                span = role.need.spans[0]
                self._add(
                    Participation,
                    appointment_id=appointment_id,
                    role=_role_of(role.key),
                    role_key=role.key,
                    resource_id=everybody[role.key],
                    agency_id=self._agency(visit, role.key, everybody[role.key]),
                    partstat=self._partstat(role.key, starts_at),
                    starts_at=self._moment(visit.cell + span.offset),
                    ends_at=min(self._moment(visit.cell + role.need.ends), ends_at),
                    place=appointment["place"],
                    is_named=False,
                    uid=self._uid(),
                    sequence=0,
                    changed_at=changed_at,
                    ended_at=None,
                )
        for row in claim_rows(
            self._catalogue, plan, starts_at, everybody, Owner(appointment_id=appointment_id)
        ):
            self._add(Claim, **row)

    def _appointment(
        self, visit: Visit, client: Row, starts_at: datetime, ends_at: datetime, changed_at: datetime
    ) -> Row:
        place, place_id = place_of(self._catalogue, visit.plan, visit.plan.visits[0], visit.assignment)
        level, request = visit.plan.level, visit.plan.request
        case_id = (
            None if visit.case_manager is None else self._case(client["id"], visit.case_manager, changed_at)
        )
        return {
            "number": self._appointment_number(),
            "uid": self._uid(),
            "sequence": 0,
            "status": AppointmentStatus.CONFIRMED,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "place": place,
            "place_id": place_id,
            "client_id": client["id"],
            "case_id": case_id,
            "language": client["language"],
            "interpreter_language": request.language if level else "",
            "interpreter_variety": request.variety if level else "",
            "interpreter_level": level,
            "request": request.to_json(),
            "requested_at": changed_at,
            "changed_at": changed_at,
            "cancelled_by": "",
        }

    def _appointment_number(self) -> str:
        while True:
            digits = f"{self._random.randrange(10**8):08d}"
            number = f"{self._catalogue.number_prefix}-{digits[:4]}-{digits[4:]}"
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _client(self, visit: Visit) -> Row:
        """Somebody of the language who has time then and was not here too often; else a new client."""
        times = (visit.cell, visit.cell + cells_for(visit.plan.minutes))
        known = self._clients[visit.speakers]
        for row, visits in self._random.sample(known, min(3, len(known))):
            if len(visits) < VISITS_A_CLIENT and all(
                end <= times[0] or times[1] <= start for start, end in visits
            ):
                visits.append(times)
                return row
        row = self._new_client(visit.speakers)
        known.append((row, [times]))
        return row

    def _new_client(self, speakers: Speakers) -> Row:
        name, phone = speakers.name(self._random), self._random.choice(self._mobiles)
        while (phone, name_key(name)) in self._people:
            name, phone = speakers.name(self._random), self._random.choice(self._mobiles)
        self._people.add((phone, name_key(name)))
        resource_id = self._number(Resource)
        self._add(
            Resource,
            id=resource_id,
            kind=ResourceKind.CLIENT,
            agency_id=None,
            version=1,
            changed_at=self._now,
        )
        return self._add(
            Client,
            id=self._number(Client),
            resource_id=resource_id,
            name=name,
            name_key=name_key(name),
            phone=phone,
            language=find_language(speakers.language or "deu").tag,
            interpreter_language=speakers.variety or speakers.language,
            created_at=self._now,
        )

    def _case(self, client_id: int, case_manager: int, opened_at: datetime) -> int:
        key = (client_id, self._catalogue.staff[case_manager].staff_member_id)
        if key not in self._cases:
            self._cases[key] = self._number(Case)
            number = f"F-{self._cases[key]:04d}-{self._random.randrange(10**4):04d}"
            self._add(
                Case,
                id=self._cases[key],
                number=number,
                client_id=client_id,
                case_manager_id=key[1],
                opened_at=opened_at,
                closed_at=None,
            )
        return self._cases[key]

    def _agency(self, visit: Visit, role_key: str, resource_id: int) -> int | None:
        if role_key in visit.plan.agency_of_role:
            return visit.plan.agency_of_role[role_key]
        person = self._catalogue.staff.get(resource_id) or self._catalogue.interpreters.get(resource_id)
        return person.agency_id if person else None

    def _partstat(self, role_key: str, starts_at: datetime) -> PartStat:
        """Interpreters answer: nearly all for next week, some not yet for later."""
        soon = starts_at < self._now + timedelta(days=7)
        if role_key != INTERPRETER or self._random.random() < (0.97 if soon else 0.93):
            return PartStat.ACCEPTED
        return PartStat.NEEDS_ACTION


def _role_of(role_key: str) -> ParticipationRole:
    """Interpreter, room and client have keys of their own; teams and persons are staff."""
    return ParticipationRole(role_key) if role_key in set(ParticipationRole) else ParticipationRole.STAFF
