"""The gate: what may be asked for, and where a connection may go."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import NotResolved, Refused
from scraper.gate import Gate, admit, is_public

# No request goes to them: they only have to be outside all that is reserved.
PUBLIC_V4 = "8.8.8.8"
PUBLIC_V6 = "2a00::1"

# IANA's IPv4 Special-Purpose Address Registry, and multicast.
CLOSED_V4 = {
    "this network": "0.0.0.0/8",
    "private 10": "10.0.0.0/8",
    "shared": "100.64.0.0/10",
    "loopback": "127.0.0.0/8",
    "link-local": "169.254.0.0/16",
    "private 172": "172.16.0.0/12",
    "protocol assignments": "192.0.0.0/24",
    "documentation 1": "192.0.2.0/24",
    "6to4 relays": "192.88.99.0/24",
    "private 192": "192.168.0.0/16",
    "benchmarks": "198.18.0.0/15",
    "documentation 2": "198.51.100.0/24",
    "documentation 3": "203.0.113.0/24",
    "multicast": "224.0.0.0/4",
    "reserved": "240.0.0.0/4",
    "broadcast": "255.255.255.255/32",
}
# IANA's IPv6 Special-Purpose Address Registry, multicast, and what is not given out at all.
CLOSED_V6 = {
    "unspecified": "::/128",
    "loopback": "::1/128",
    "once compatible with IPv4": "::/96",
    "translated": "::ffff:0:0:0/96",
    "local NAT64": "64:ff9b:1::/48",
    "discarded": "100::/64",
    "Teredo": "2001::/32",
    "benchmarks": "2001:2::/48",
    "documentation": "2001:db8::/32",
    "longer documentation": "3fff::/20",
    "not given out": "4000::/2",
    "segment routing": "5f00::/16",
    "unique local": "fc00::/7",
    "link-local": "fe80::/10",
    "once site-local": "fec0::/10",
    "multicast": "ff00::/8",
}
METADATA = ["169.254.169.254", "100.100.100.200", "192.0.0.192", "fd00:ec2::254"]


def ends(network: str) -> list[str]:
    net = ipaddress.ip_network(network)
    return [str(net[0]), str(net[-1]), str(net[net.num_addresses // 2])]


def mapped(v4: int) -> list[str]:
    """Return the IPv6 forms that lead to an IPv4 address: mapped, NAT64, 6to4."""
    return [
        str(ipaddress.IPv6Address((0xFFFF << 32) | v4)),
        str(ipaddress.IPv6Address((0x64_FF9B << 96) | v4)),
        str(ipaddress.IPv6Address((0x2002 << 112) | (v4 << 80) | 1)),
    ]


@pytest.mark.parametrize("network", [*CLOSED_V4.values(), *CLOSED_V6.values()])
def test_no_special_range_is_public(network: str) -> None:
    assert not any(map(is_public, ends(network)))


@pytest.mark.parametrize("network", CLOSED_V4.values())
def test_nor_is_it_within_an_ipv6_address(network: str) -> None:
    for v4 in ends(network):
        assert not any(map(is_public, mapped(int(ipaddress.IPv4Address(v4)))))


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_an_ipv6_form_is_as_public_as_what_it_leads_to(v4: ipaddress.IPv4Address) -> None:
    assert {is_public(form) for form in mapped(int(v4))} == {is_public(str(v4))}


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_teredo_is_never_public(v4: ipaddress.IPv4Address) -> None:
    client = 0xFFFFFFFF ^ int(v4)
    assert not is_public(str(ipaddress.IPv6Address((0x20010000 << 96) | client)))


@pytest.mark.parametrize("address", METADATA)
def test_where_clouds_keep_secrets_is_not_public(address: str) -> None:
    assert not is_public(address)


def test_an_address_with_a_zone_is_not_public() -> None:
    assert not is_public("fe80::1%eth0")


@pytest.mark.parametrize("address", [PUBLIC_V4, PUBLIC_V6, f"::ffff:{PUBLIC_V4}"])
def test_the_rest_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("file:///etc/passwd", "neither http nor https"),
        ("ftp://agency.example/", "neither http nor https"),
        ("gopher://agency.example/", "neither http nor https"),
        ("data:text/html,<p>", "neither http nor https"),
        ("javascript:alert(1)", "neither http nor https"),
        ("agency.example/list", "no scheme"),
        ("//agency.example/list", "no scheme"),
        ("", "no scheme"),
        ("http:///list", "names no host"),
        ("http:list", "names no host"),
        ("http://user@agency.example/", "a user name"),
        ("http://user:word@agency.example/", "a user name"),
        ("http://@agency.example/", "a user name"),
        ("http://agency.example:80@192.0.2.1/", "a user name"),
        ("http://agency.example\\@192.0.2.1/", "a backslash"),
        ("http:\\\\agency.example/", "a backslash"),
        ("http://agency.example/a\\b", "a backslash"),
        ("http://agency.example/a b", "a blank"),
        ("http://agency.example/\n", "a blank"),
        (" http://agency.example/", "a blank"),
        ("http://agency.example\u00a0/", "a blank"),
        ("http://agency.example\x00/", "cannot be read"),
        ("http://[::1/", "cannot be read"),
        ("http://[not-v6]/", "cannot be read"),
        ("http://agency.example:port/", "cannot be read"),
        ("http://xn--a/", "cannot be read"),
        pytest.param("http://agency.example/" + "a" * 70_000, "cannot be read", id="long"),
        ("http://agency.example:0/", "0 is no port"),
        ("http://agency.example:65536/", "65536 is no port"),
    ],
)
def test_what_is_not_asked_for(address: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        admit(address)
    assert refused.value.address == address


@pytest.mark.parametrize(
    ("address", "requested"),
    [
        ("https://agency.example/list.pdf", "https://agency.example/list.pdf"),
        ("HTTPS://Agency.Example/List", "https://agency.example/List"),
        ("http://agency.example:8080", "http://agency.example:8080"),
        ("http://agency.example/a@b", "http://agency.example/a@b"),
        ("http://agency.example/?next=http://user@host/", None),
        ("https://ciudad-\u00e9.example/", "https://xn--ciudad--hya.example/"),
    ],
)
def test_what_is_asked_for(address: str, requested: str | None) -> None:
    assert str(admit(address)) == (requested or address)


class Network(httpcore.NetworkBackend):
    """Notes where connections go, and makes none."""

    def __init__(self, silent: Iterable[str] = ()) -> None:
        self.silent = set(silent)
        self.asked: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        self.asked.append((host, port))
        if host in self.silent:
            raise httpcore.ConnectError("no answer")
        return httpcore.NetworkStream()


Names = Callable[..., None]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Return a function that says which addresses every name has from now on."""

    def are(*addresses: str) -> None:
        def resolve(host: str, port: int, **_: Any) -> list[Any]:
            kinds = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in addresses]
            return [
                (kind, socket.SOCK_STREAM, 6, "", (each, port))
                for kind, each in zip(kinds, addresses, strict=True)
            ]

        monkeypatch.setattr("scraper.gate.socket.getaddrinfo", resolve)

    return are


def test_a_connection_goes_to_the_address_that_was_checked(names: Names) -> None:
    names(PUBLIC_V4)
    network = Network()
    Gate([], network).connect_tcp("agency.example", 443)
    assert network.asked == [(PUBLIC_V4, 443)]


def test_a_name_is_resolved_once_so_that_the_second_answer_cannot_be_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter([PUBLIC_V4, "127.0.0.1"])

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr("scraper.gate.socket.getaddrinfo", resolve)
    network = Network()
    Gate([], network).connect_tcp("rebinding.example", 80)
    assert network.asked == [(PUBLIC_V4, 80)]
    assert next(answers) == "127.0.0.1"


@pytest.mark.parametrize("private", ["127.0.0.1", "10.0.0.1", "::1", "fe80::1%eth0", *METADATA])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_private_address_among_several_closes_the_gate(
    names: Names, private: str, place: int
) -> None:
    addresses = [PUBLIC_V4, PUBLIC_V6]
    addresses.insert(place, private)
    names(*addresses)
    network = Network()
    with pytest.raises(Refused, match="not public"):
        Gate([], network).connect_tcp("agency.example", 443)
    assert not network.asked


def test_the_next_address_is_tried_where_one_does_not_answer(names: Names) -> None:
    names(PUBLIC_V6, PUBLIC_V6, PUBLIC_V4)
    network = Network(silent=[PUBLIC_V6])
    Gate([], network).connect_tcp("agency.example", 443)
    assert network.asked == [(PUBLIC_V6, 443), (PUBLIC_V4, 443)]


def test_a_host_none_of_whose_addresses_answers_cannot_be_connected_to(names: Names) -> None:
    names(PUBLIC_V6, PUBLIC_V4)
    network = Network(silent=[PUBLIC_V6, PUBLIC_V4])
    with pytest.raises(httpcore.ConnectError):
        Gate([], network).connect_tcp("agency.example", 443)
    assert len(network.asked) == 2


@pytest.mark.parametrize(
    ("allowed", "host", "port"),
    [
        ("localhost:8000", "localhost", 8000),
        ("127.0.0.1:8000", "127.0.0.1", 8000),
        ("[::1]:8000", "::1", 8000),
    ],
)
def test_the_allow_list_opens_a_host_and_port(
    names: Names, allowed: str, host: str, port: int
) -> None:
    names("127.0.0.1")
    network = Network()
    Gate([allowed], network).connect_tcp(host, port)
    assert network.asked == [("127.0.0.1", port)]


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("localhost", 8001),
        ("localhost", 80),
        ("localhost.", 8000),
        ("127.0.0.1", 8000),
        ("::1", 8000),
        ("a.localhost", 8000),
        ("localhost:8000", 8000),
    ],
)
def test_the_allow_list_opens_nothing_else(names: Names, host: str, port: int) -> None:
    names("127.0.0.1")
    with pytest.raises(Refused):
        Gate(["localhost:8000"], Network()).connect_tcp(host, port)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1"])
def test_an_address_in_disguise_is_resolved_before_it_is_judged(host: str) -> None:
    with pytest.raises((Refused, NotResolved)):
        Gate([], Network()).connect_tcp(host, 80)


@pytest.mark.parametrize(
    "fault",
    [socket.gaierror(socket.EAI_AGAIN, "try again"), UnicodeError("label too long"), OSError()],
    ids=["no answer", "label", "system"],
)
def test_a_name_without_an_address_can_be_tried_later(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("scraper.gate.socket.getaddrinfo", fails)
    with pytest.raises(NotResolved) as unknown:
        Gate(["agency.example:443"], Network()).connect_tcp("agency.example", 443)
    assert unknown.value.host == "agency.example"


def test_a_name_with_no_address_at_all_is_unknown(names: Names) -> None:
    names()
    with pytest.raises(NotResolved):
        Gate([], Network()).connect_tcp("agency.example", 443)


def test_a_socket_of_this_machine_is_no_way_around_the_gate() -> None:
    with pytest.raises(NotImplementedError):
        Gate([], Network()).connect_unix_socket("/run/service.sock")
