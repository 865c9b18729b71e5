"""Who asks too often, or with wrong keys, is slowed; and nobody else."""

import pytest

from index.tantivy_engine import TantivyIndex
from tests.service.desk import KEY, client_with

URL = "/customers/lookup?search_term=lars"


def test_guessing_is_slowed_by_address(index: TantivyIndex) -> None:
    client = client_with(index, KEY)
    stranger = {"REMOTE_ADDR": "203.0.113.7"}
    for _ in range(10):
        assert client.get(URL, headers={"X-API-Key": "guess"}, environ_base=stranger).status_code == 401
    slowed = client.get(URL, headers={"X-API-Key": "guess"}, environ_base=stranger)
    assert slowed.status_code == 401
    assert 4 <= int(slowed.headers["Retry-After"]) <= 6, "one in six seconds"
    elsewhere = client.get(URL, headers={"X-API-Key": "guess"}, environ_base={"REMOTE_ADDR": "203.0.113.8"})
    assert "Retry-After" not in elsewhere.headers


def test_a_right_key_is_answered_whoever_else_guesses_from_its_address(index: TantivyIndex) -> None:
    """Also one that the address has not used before: a till after a restart, or with a new key. Several
    processes do not know what each other have met."""
    client = client_with(index, KEY)
    for _ in range(12):
        client.get(URL, headers={"X-API-Key": "guess"})
    assert [client.get(URL, headers={"X-API-Key": KEY}).status_code for _ in range(3)] == [200] * 3


def test_the_addresses_of_one_ipv6_network_are_slowed_together(index: TantivyIndex) -> None:
    client = client_with(index, KEY)
    answers = [
        client.get(URL, headers={"X-API-Key": "guess"}, environ_base={"REMOTE_ADDR": f"2001:db8::{last:x}"})
        for last in range(11)
    ]
    assert "Retry-After" in answers[-1].headers
    next_door = {"REMOTE_ADDR": "2001:db8:0:1::1"}
    answer = client.get(URL, headers={"X-API-Key": "guess"}, environ_base=next_door)
    assert "Retry-After" not in answer.headers


def test_a_key_that_asks_too_often_is_told_when_to_come_back(index: TantivyIndex) -> None:
    client = client_with(index, "busy:one-key", "calm:other-key", requests_per_second=0.5)
    first, second = (client.get(URL, headers={"X-API-Key": "one-key"}) for _ in range(2))
    assert (first.status_code, second.status_code, second.headers["Retry-After"]) == (200, 429, "2")
    assert client.get(URL, headers={"X-API-Key": "other-key"}).status_code == 200


@pytest.mark.parametrize(("rate", "at_once"), [(0.01, 1), (1.5, 3)])
def test_a_key_may_ask_at_once_for_what_two_seconds_allow_and_always_for_one(
    index: TantivyIndex, rate: float, at_once: int
) -> None:
    client = client_with(index, KEY, requests_per_second=rate)
    answers = [client.get(URL, headers={"X-API-Key": KEY}).status_code for _ in range(at_once)]
    assert answers == [200] * at_once


def test_ipv4_addresses_that_are_written_as_ipv6_are_not_one_network(index: TantivyIndex) -> None:
    """All of them are in one /64: one who guesses slowed everybody's mistakes."""
    client = client_with(index, KEY)

    def slowed(address: str) -> bool:
        answer = client.get(URL, headers={"X-API-Key": "guess"}, environ_base={"REMOTE_ADDR": address})
        return "Retry-After" in answer.headers

    assert [slowed("::ffff:203.0.113.7") for _ in range(11)] == [False] * 10 + [True]
    assert not slowed("::ffff:203.0.113.8")
    assert slowed("203.0.113.7"), "the same one"
