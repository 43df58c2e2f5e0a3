"""What stops a command, by what the person can do about it."""

from __future__ import annotations

from pathlib import Path


class CommandError(Exception):
    """Base of all that stops a command with one line and exit code 1."""


class NothingThere(CommandError):
    """There is no history to look at yet."""

    def __init__(self, folder: Path) -> None:
        """Take the data directory."""
        super().__init__(
            f"no history in {folder} yet; `sanctuary run` fetches it, `sanctuary import` takes a "
            "file, --data-dir names another folder"
        )


class SomeoneWrites(CommandError):
    """Another process is writing into this data directory."""

    def __init__(self, folder: Path, who: str | None = None) -> None:
        """Take the data directory, and in words who writes if that is known."""
        said = f" ({who})" if who else ""
        super().__init__(f"another command is writing to {folder}{said}; wait for it to end")


class CannotWrite(CommandError):
    """The data directory does not let itself be written to."""

    def __init__(self, folder: Path, reason: str) -> None:
        """Take the data directory, and the reason as a clause without a full stop."""
        super().__init__(
            f"cannot write to {folder} ({reason}); mend its rights, or choose another folder with "
            "--data-dir"
        )


class ArchiveElsewhere(CommandError):
    """The documents of a history are at another address than the settings say."""

    def __init__(self, address: str, wanted: str) -> None:
        """Take the address where they are, and the one of the settings."""
        super().__init__(
            f"the documents of this history are at {address}, and settings.archive says {wanted}; "
            "`sanctuary archive --move` moves them there, or mend the setting"
        )


class CannotServe(CommandError):
    """The data directory does not let SQLite make what it needs to read a live database."""

    def __init__(self, folder: Path) -> None:
        """Take the data directory."""
        super().__init__(
            f"cannot read {folder / 'tracker.db'} as it grows: SQLite has to write beside it "
            f"(-wal, -shm), and this user may not; give it the right to write to {folder} and the "
            "database files in it (docs/serving.md), or serve a copy in a folder of its own"
        )


class OlderDatabase(CommandError):
    """An earlier version wrote the database, and it lacks what the command shows."""

    def __init__(self, folder: Path) -> None:
        """Take the data directory."""
        super().__init__(
            f"the history in {folder} was written by an earlier version; "
            "`sanctuary run` brings it up to date"
        )


class NoSuchParser(CommandError):
    """No installed package brings a parser of that name."""

    def __init__(self, name: str, known: list[str]) -> None:
        """Take the name asked for and those there are."""
        super().__init__(f"no parser {name!r}; there are: {', '.join(known)}")


class ParserDoesNotLoad(CommandError):
    """A package says that it brings a parser, and fails when it is asked for it."""

    def __init__(self, name: str, package: str, error: Exception) -> None:
        """Take the name of the parser, the package that brings it, and what went wrong."""
        said = " ".join(str(error).split())
        super().__init__(
            f"the parser {name} of the package {package} does not load "
            f"({type(error).__name__}: {said}); mend the package, or take it off"
        )


class CannotRead(CommandError):
    """No process could be started to read a document: the machine's fault, not the document's."""

    def __init__(self, reason: str) -> None:
        """Take the reason as a clause without a full stop."""
        super().__init__(
            f"no process could be started to read it ({reason}); see that the machine has memory "
            "and processes to spare, and run it again"
        )
        self.reason = reason


class OtherVersion(CommandError):
    """Who is to read has another version of the parser, and its reading would be told as ours."""

    def __init__(self, parser: str, wanted: str, here: str) -> None:
        """Take the name of the parser, the version that is wanted, and the one that is there."""
        super().__init__(
            f"the parser {parser} is wanted as {wanted}, and is there as {here}; install the same "
            "sanctuary-tracker with the same libraries (requirements.lock)"
        )


class ClusterFails(CommandError):
    """The cluster does not read, which says nothing of any document: the command ends."""

    def __init__(self, address: str, reason: str) -> None:
        """Take the address of its scheduler, and the reason as a clause without a full stop."""
        super().__init__(
            f"the cluster at {address}: {reason}; mend it, or leave out --cluster to read here"
        )


class NoDask(CommandError):
    """What speaks with a cluster is not installed."""

    def __init__(self, module: str) -> None:
        """Take the name of the module that is missing."""
        super().__init__(
            f"--cluster needs {module}, which is not here; install sanctuary-tracker[cluster]"
        )


class SourcesError(CommandError):
    """``sources.yml`` does not hold: a person mends it."""


class AddressTaken(CommandError):
    """The server cannot listen at this address: the caller names another."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        """Take host and port, and the system's reason."""
        super().__init__(
            f"cannot listen on {host}:{port}: {reason[:1].lower()}{reason[1:]}; "
            "--port names another port, and 0 a free one"
        )
        self.host = host
        self.port = port


class NoLogin(CommandError):
    """The secret that the settings name as the login of the proxy is not there."""

    def __init__(self, variable: str) -> None:
        """Take the name of the variable."""
        super().__init__(
            f"settings.proxy_login names the secret {variable}, which is not set; set the "
            "environment variable, or a line of the file of settings.secrets, to user:password"
        )


class HalfAKey(CommandError):
    """A part of a key is there, which opens nothing."""

    def __init__(self, host: str, variable: str) -> None:
        """Take the host that the key is for, and the variable that is missing."""
        super().__init__(
            f"settings.keys: the key for {host} wants the secret {variable}, too, which is not "
            "set; set it, or none of that key to go without"
        )


class BadSecrets(CommandError):
    """The file of secrets cannot be used as it is."""

    def __init__(self, file: Path, fault: str, remedy: str) -> None:
        """Take the file, what is wrong with it, and what to do about it; never what is in it."""
        super().__init__(f"settings.secrets: {file}: {fault}; {remedy}")


class NobodyToTell(CommandError):
    """The settings name no target."""

    def __init__(self) -> None:
        """Take nothing: the settings are empty."""
        super().__init__(
            "settings.notify names no targets; docs/notify.md shows how to set the first one"
        )
