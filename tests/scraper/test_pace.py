"""One pace for each host: across fetches, redirects, clients and processes, whatever the clock."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from scraper.errors import Later, NotShared
from scraper.judge import Kind, Verdict
from scraper.pace import Pace
from tests.scraper.conftest import PoliteClient
from tests.scraper.hand_time import NOON, HandTime
from tests.scraper.lying_server import OK, LyingServer, answer, redirect

HOST = "agency.example"
DAY = 24 * 60 * 60
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pace"


@pytest.fixture
def pace(folder: Path, hand_time: HandTime) -> Pace:
    return Pace(folder, hand_time.timing)


class TestRequests:
    def test_to_one_host_keep_their_distance(self, pace: Pace, hand_time: HandTime) -> None:
        assert [pace.take(HOST, 2.0, 9.0) - NOON for _ in range(3)] == [0, 2, 4]
        hand_time.sleep(1.5)
        assert pace.take(HOST, 2.0, 9.0) - NOON == 6
        hand_time.sleep(100)
        assert pace.take(HOST, 2.0, 9.0) - NOON == 106

    def test_to_another_host_need_not_wait(self, pace: Pace) -> None:
        assert [pace.take(f"{n}.example", 2.0, 9.0) for n in range(3)] == [NOON] * 3

    def test_need_not_wait_without_a_delay(self, pace: Pace, hand_time: HandTime) -> None:
        assert [pace.take(HOST, 0.0, 9.0) for _ in range(3)] == [NOON] * 3
        assert hand_time.slept == []

    def test_wait_no_longer_than_their_patience(self, pace: Pace, hand_time: HandTime) -> None:
        pace.take(HOST, 300.0, 120.0)
        with pytest.raises(Later, match="before 2026-11-02T12:05:00Z: it wants 300 seconds"):
            pace.take(HOST, 300.0, 120.0)
        assert hand_time.slept == []
        hand_time.sleep(200)
        assert pace.take(HOST, 300.0, 120.0) == NOON + 300

    def test_never_wait_for_more_than_a_day(self, pace: Pace) -> None:
        pace.take(HOST, 1e300, 120.0)
        with pytest.raises(Later) as later:
            pace.take(HOST, 1e300, 120.0)
        assert later.value.moment == NOON + DAY


class TestARest:
    def test_is_kept_by_all(self, pace: Pace, folder: Path, hand_time: HandTime) -> None:
        assert pace.rest(HOST, 3600) == NOON + 3600
        with pytest.raises(Later, match="before 2026-11-02T13:00:00Z: it wants no request"):
            Pace(folder, hand_time.timing).take(HOST, 2.0, 120.0)
        assert pace.take("other.example", 2.0, 120.0) == NOON
        hand_time.sleep(3500)
        assert pace.take(HOST, 2.0, 120.0) == NOON + 3600

    def test_is_a_day_at_most(self, pace: Pace) -> None:
        assert pace.rest(HOST, 1e12) == NOON + DAY

    def test_is_not_made_shorter_by_a_later_word(self, pace: Pace) -> None:
        pace.rest(HOST, 3600)
        assert pace.rest(HOST, 10) == NOON + 3600

    def test_that_is_wanted_while_somebody_waits_is_kept_by_him_too(
        self, folder: Path, hand_time: HandTime
    ) -> None:
        class Interrupted(HandTime):
            def sleep(self, seconds: float) -> None:
                super().sleep(seconds)
                if len(self.slept) == 1:
                    Pace(folder, self.timing).rest(HOST, 50)

        waiting = Interrupted()
        pace = Pace(folder, waiting.timing)
        pace.take(HOST, 2.0, 120.0)
        assert pace.take(HOST, 2.0, 120.0) == NOON + 52
        assert waiting.slept == [2, 50]


class TestAClockThatJumps:
    @pytest.mark.parametrize("back", [1, 3600, 400 * DAY])
    def test_back_makes_no_wait_longer(self, pace: Pace, hand_time: HandTime, back: float) -> None:
        pace.take(HOST, 2.0, 9.0)
        hand_time.now -= back
        start = hand_time.now
        assert pace.take(HOST, 2.0, 9.0) == start + 2
        assert pace.take(HOST, 2.0, 9.0) == start + 4

    def test_back_makes_no_rest_longer(self, pace: Pace, hand_time: HandTime) -> None:
        pace.rest(HOST, 600)
        hand_time.now -= 400 * DAY
        start = hand_time.now
        with pytest.raises(Later) as later:
            pace.take(HOST, 2.0, 120.0)
        assert later.value.moment == start + 600
        hand_time.sleep(500)
        assert pace.take(HOST, 2.0, 120.0) == start + 600

    def test_forward_makes_waits_shorter(self, pace: Pace, hand_time: HandTime) -> None:
        pace.take(HOST, 2.0, 9.0)
        pace.rest(HOST, 600)
        hand_time.now += 400 * DAY
        assert pace.take(HOST, 2.0, 9.0) == hand_time.now
        assert hand_time.slept == []


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"null",
        b'{"last": "noon"}',
        b'{"last": NaN}',
        b'{"last": 1e999}',
        b'{"last": 9%s}' % (b"9" * 400),
        b"\xff",
    ],
)
def test_a_damaged_file_may_be_of_a_request_just_now(
    pace: Pace, folder: Path, damage: bytes
) -> None:
    pace.take(HOST, 2.0, 9.0)
    (file,) = folder.glob("*.json")
    assert json.loads(file.read_bytes())["host"] == HOST
    file.write_bytes(damage)
    assert [pace.take(HOST, 2.0, 9.0) - NOON for _ in range(2)] == [2, 4]


def test_a_folder_that_cannot_be_used_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    pace = Pace(tmp_path / "file" / "pace", HandTime().timing)
    for use in (lambda: pace.take(HOST, 2.0, 9.0), lambda: pace.rest(HOST, 9.0)):
        with pytest.raises(NotShared, match=r"pace: .*; check the rights and the room there"):
            use()


ASKS = """
import sys
from pathlib import Path
from scraper.pace import Pace
from scraper.timing import Timing

pace = Pace(Path(sys.argv[1]), Timing())
for _ in range(5):
    print(repr(pace.take("agency.example", 0.05, 60.0)))
"""


def test_processes_keep_the_distance_between_them(folder: Path) -> None:
    command = [sys.executable, "-c", ASKS, str(folder)]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    granted = sorted(float(m) for each in processes for m in each.communicate()[0].split())
    assert len(granted) == 15
    gaps = [after - before for before, after in pairwise(granted)]
    assert min(gaps) >= 0.049, gaps


HOLDS = """
import os, sys
from pathlib import Path
from scraper.shared import SharedFile

with SharedFile(Path(sys.argv[1]), "agency.example").held(9.0):
    print("held", flush=True)
    if sys.argv[2] == "die":
        os._exit(1)
    sys.stdin.read()
"""


def test_a_process_that_dies_holds_nobody_up(folder: Path, pace: Pace) -> None:
    subprocess.run([sys.executable, "-c", HOLDS, str(folder), "die"], cwd=ROOT, check=False)
    assert pace.take(HOST, 2.0, 0.0) == NOON


def test_a_host_that_others_wait_for_is_left_for_later(folder: Path, pace: Pace) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(folder), "stay"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Later, match="other processes wait for it"):
            pace.take(HOST, 2.0, 0.0)
        other.communicate()
    assert pace.take(HOST, 2.0, 0.0) == NOON


class TestAClient:
    def test_keeps_its_distance_for_all_that_it_asks_for(
        self, server: LyingServer, polite_client: PoliteClient, hand_time: HandTime
    ) -> None:
        server.answers |= {"/door": redirect("/page"), "/page": OK}
        client = polite_client(delay_seconds=3.0)
        assert client.fetch(server.address("/door"), Kind.HTML).verdict is Verdict.DOCUMENT
        # robots.txt at once, then the door, then the page.
        assert hand_time.slept == [3, 3]

    def test_leaves_more_time_where_robots_txt_wants_it(
        self, server: LyingServer, polite_client: PoliteClient, hand_time: HandTime
    ) -> None:
        delay = b"User-agent: *\nCrawl-delay: 15\n"
        server.answers |= {"/robots.txt": answer("200 OK", {}, delay), "/page": OK}
        client = polite_client(delay_seconds=2.0)
        for _ in range(2):
            client.fetch(server.address("/page"), Kind.HTML)
        assert hand_time.slept == [15, 15]

    def test_leaves_no_less_where_robots_txt_would_allow_it(
        self, server: LyingServer, polite_client: PoliteClient, hand_time: HandTime
    ) -> None:
        delay = b"User-agent: *\nCrawl-delay: 0.1\n"
        server.answers |= {"/robots.txt": answer("200 OK", {}, delay), "/page": OK}
        polite_client(delay_seconds=2.0).fetch(server.address("/page"), Kind.HTML)
        assert hand_time.slept == [2]

    def test_comes_back_later_where_robots_txt_wants_too_much(
        self, server: LyingServer, polite_client: PoliteClient, hand_time: HandTime
    ) -> None:
        delay = b"User-agent: *\nCrawl-delay: 600\n"
        server.answers |= {"/robots.txt": answer("200 OK", {}, delay), "/page": OK}
        fetched = polite_client().fetch(server.address("/page"), Kind.HTML)
        assert (fetched.verdict, fetched.status) == (Verdict.ERROR, None)
        assert fetched.retry_after == "2026-11-02T12:10:00Z"
        assert "it wants 600 seconds between two requests" in fetched.reason
        assert (server.requests, hand_time.slept) == ([], [])
        hand_time.sleep(600)
        assert polite_client().fetch(server.address("/page"), Kind.HTML).retry_after is None
        assert len(server.requests) == 1

    def test_shares_the_pace_with_the_next_client(
        self, server: LyingServer, polite_client: PoliteClient, hand_time: HandTime
    ) -> None:
        server.answers["/page"] = OK
        for _ in range(2):
            polite_client(delay_seconds=2.0).fetch(server.address("/page"), Kind.HTML)
        assert hand_time.slept == [2, 2]
