"""The demo's data folder: database, secret key, demo.json, log."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DemoFolder:
    """Where things lie. The database is made beside its place and moved there when it is whole."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "terminlotse.sqlite3"

    @property
    def unfinished(self) -> Path:
        return self.path / "unfinished.sqlite3"

    @property
    def description(self) -> Path:
        return self.path / "demo.json"

    @property
    def log(self) -> Path:
        return self.path / "demo.log"

    def prepare(self) -> None:
        """Make the folder, and try to write in it. Raises OSError."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.log.write_bytes(b"")

    def secret_key(self) -> str:
        """The key of this demo, made at the first start; nobody else on this machine can read it."""
        file = self.path / "secret-key"
        with suppress(FileExistsError), file.open("x") as new:
            file.chmod(0o600)
            new.write(secrets.token_urlsafe(32))
        return file.read_text()

    def write_description(self, text: str) -> None:
        """Passwords and secret addresses stand in it."""
        self.description.touch(mode=0o600)
        self.description.write_text(text, encoding="utf-8")

    def forget(self) -> None:
        """Remove the database and what describes it, and nothing else in the folder."""
        _remove_database(self.database)
        self.forget_unfinished()
        self.description.unlink(missing_ok=True)

    def forget_unfinished(self) -> None:
        """What a start that was interrupted left behind."""
        _remove_database(self.unfinished)


def _remove_database(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
