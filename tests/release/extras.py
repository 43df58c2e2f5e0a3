"""Each extra alone: what it promises, and what is said where it is missing."""

from __future__ import annotations

import time
import urllib.request
from pathlib import Path

from tests.release.checks import Checks, Wrong, expect, expect_in
from tests.release.environments import Environment, Maker
from tests.release.publisher import publisher
from tests.release.using import free_port, list_history, served

EXTRAS = ("cluster", "parquet", "remote")
"""Those for users."""
_FAILS = 1
_LOGIN = {"AWS_ACCESS_KEY_ID": "zembla", "AWS_SECRET_ACCESS_KEY": "zembla"}
_REGION = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
_BUCKET = "  archive: s3://zembla/archive"
_DOWNLOAD = "/tracker/-/download/listings.parquet"


def check_without(checks: Checks, environment: Environment, folder: Path) -> None:
    """Check an environment without any extra: what needs one says how to get it."""
    folder.mkdir(parents=True)
    with checks.check("without extras: a history for what needs one"):
        history = list_history(environment, folder / "list")
    with checks.check("without [parquet]: the command and the page say what to install"):
        said = environment.run(history, "sanctuary", *_panel(history), ends=_FAILS)
        expect_in("sanctuary-tracker[parquet]", said)
        with served(environment, history, "serve") as site:
            expect_in("sanctuary-tracker[parquet]", site.get(_DOWNLOAD)[2].decode())
    with checks.check("without [cluster]: the command says what to install"):
        words = ("replay", "--cluster", f"tcp://127.0.0.1:{free_port()}")
        said = environment.run(history, "sanctuary", *words, ends=_FAILS)
        expect_in("sanctuary-tracker[cluster]", said)
    with checks.check("without [remote]: the command says what to install"):
        other = folder / "elsewhere"
        other.mkdir()
        with publisher() as shown:
            (other / "sources.yml").write_text(shown.sources(_BUCKET))
            expect_in("[remote]", environment.run(other, "sanctuary", "run", ends=_FAILS))


def check_extra(
    checks: Checks, maker: Maker, extra: str, environment: Environment, folder: Path
) -> None:
    """Check an environment that has one extra, and no other."""
    folder.mkdir(parents=True)
    if extra == "parquet":
        with checks.check("[parquet]: the panel and a download are Parquet"):
            history = list_history(environment, folder / "list")
            environment.run(history, "sanctuary", *_panel(history))
            expect((history / "panel.parquet").read_bytes()[:4], b"PAR1", "its first bytes")
            with served(environment, history, "serve") as site:
                expect(site.get(_DOWNLOAD)[2][:4], b"PAR1", "the first bytes of the download")
    elif extra == "cluster":
        with checks.check("[cluster]: a worker of Dask reads"):
            history = list_history(environment, folder / "list")
            _replay_on_a_cluster(environment, history)
    else:
        with checks.check("[remote]: documents are kept in a bucket, and found there"):
            _keep_in_a_bucket(maker, environment, folder)


def _panel(history: Path) -> tuple[str | Path, ...]:
    return ("panel", "--format", "parquet", "-o", history / "panel.parquet")


def _replay_on_a_cluster(environment: Environment, history: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    scheduler = ("dask", "scheduler", "--host", address, "--no-dashboard")
    worker = ("dask", "worker", address, "--no-dashboard", "--nthreads", "1")
    daemon = {"DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    with (
        environment.running(history, *scheduler),
        environment.running(history, *worker, **daemon) as log,
    ):
        _wait_for("Registered to", log)
        said = environment.run(history, "sanctuary", "replay", "--cluster", address)
    expect_in("zembla-list", said)


def _keep_in_a_bucket(maker: Maker, environment: Environment, folder: Path) -> None:
    port = free_port()
    with maker.with_uv("bucket", environment.python, "moto[server]").running(
        folder, "moto_server", f"-p{port}"
    ) as log:
        _wait_for("Running on", log)
        address = f"http://127.0.0.1:{port}"
        made = urllib.request.Request(f"{address}/zembla", method="PUT")
        urllib.request.urlopen(made, timeout=60).close()
        known = {**_LOGIN, **_REGION, "AWS_ENDPOINT_URL": address}
        history = list_history(environment, folder / "list", _BUCKET, **known)
        expect_in("s3://zembla/archive", environment.run(history, "sanctuary", "archive", **known))
        environment.run(history, "sanctuary", "verify", **known)
        expect((history / "data" / "archive").exists(), False, "that a folder archive/ is there")


def _wait_for(words: str, log: Path) -> None:
    end = time.monotonic() + 60
    while words not in log.read_text():
        if time.monotonic() > end:
            raise Wrong(f"{words!r} does not come:\n{log.read_text()[-1500:]}")
        time.sleep(0.2)
