"""The worker: APScheduler only ticks; what is to be done, and what was done, stands in the tables."""

import logging
import signal
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from notifications.channels.console import ConsoleChannel
from notifications.channels.delivery import Channel
from notifications.channels.twilio_account import TwilioAccount, open_twilio
from notifications.texts import Texts
from scheduler_app.clock import Clock
from scheduler_app.config import PREFIX, Settings, SettingsError, templates_folder
from scheduler_app.services.hold_slot import EXPIRE_AT_ONCE, expire_holds
from scheduler_app.services.plan_notifications import SMS
from scheduler_app.services.send_due_notifications import Outbox, send_due_notifications

SEND_EVERY_SECONDS = 3
EXPIRE_EVERY_SECONDS = 20
MOST_SENT_PER_TICK = 50

_log = logging.getLogger(__name__)


def outbox_of(settings: Settings) -> Outbox:
    """How messages leave this installation. Raises SettingsError."""
    return Outbox(
        channels={SMS: _sms_channel(settings)},
        texts=Texts(templates_folder() / "messages"),
        public_url=settings.public_url,
        keeps_links=settings.demo and settings.sms_provider == "console",
    )


def _sms_channel(settings: Settings) -> Channel:
    twilio = settings.twilio
    if twilio is None:
        return ConsoleChannel()
    try:
        account = TwilioAccount(
            account_sid=twilio.account_sid,
            auth_token=twilio.auth_token,
            messaging_service_sid=twilio.messaging_service_sid,
            base_url=twilio.base_url,
        )
    except ValueError as error:
        raise SettingsError(f"{PREFIX}TWILIO_BASE_URL: {error}.") from error
    return open_twilio(account)


def send_tick(engine: Engine, outbox: Outbox, clock: Clock) -> int:
    """Send what is due; returns how many notifications were dealt with."""
    with Session(engine) as session:
        return send_due_notifications(session, outbox, clock=clock, batch=MOST_SENT_PER_TICK)


def expire_tick(engine: Engine, clock: Clock) -> int:
    """Give back what was kept beyond its deadline, all of it; returns how many holds."""
    expired = 0
    with Session(engine) as session:
        while batch := expire_holds(session, now=clock()):
            expired += batch
            if batch < EXPIRE_AT_ONCE:
                break
    return expired


def build_scheduler(engine: Engine, outbox: Outbox, clock: Clock) -> BackgroundScheduler:
    """The ticks. One that takes long is not started twice, and missed ones are made up for by one."""
    scheduler = BackgroundScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for name, seconds, tick in (
        ("send", SEND_EVERY_SECONDS, lambda: send_tick(engine, outbox, clock)),
        ("expire", EXPIRE_EVERY_SECONDS, lambda: expire_tick(engine, clock)),
    ):
        scheduler.add_job(_surviving(name, tick), "interval", seconds=seconds, id=name, next_run_time=clock())
    return scheduler


def run(engine: Engine, outbox: Outbox, clock: Clock) -> None:
    """Tick until SIGTERM or SIGINT; what has begun is finished first.

    The ticks have threads of their own, and this one waits for the signal: an exception raised by a signal handler
    inside APScheduler may be taken for a failed job and lost.
    """
    ending = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)  # threads started from now on leave them to sigwait
    scheduler = build_scheduler(engine, outbox, clock)
    scheduler.start()
    _log.info("worker started")
    signal.sigwait(ending)
    scheduler.shutdown(wait=True)
    _log.info("worker stopped")


def _surviving(name: str, tick: Callable[[], int]) -> Callable[[], None]:
    """A tick that fails is logged, and tried again at its next time."""

    def survive() -> None:
        try:
            tick()
        except DBAPIError as error:
            _log.warning("%s: the database does not answer (%s); trying again", name, type(error).__name__)
        except Exception:  # noqa: BLE001  # one bad tick must not end the others
            _log.exception("%s: unexpected error; trying again", name)

    return survive
