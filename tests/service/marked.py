"""What must never be written, and every way to send it."""

import requests

from tests.people import SOREN
from tests.service.desk import KEY

MARK = "zyxmark"
SECRETS = (MARK, KEY, "Søren", "S\\u00f8ren", "C-10023", "12 34 56 78", "Nygade", "soren.kjaer", "87654321")


def ask_everything(url: str) -> None:
    """Each way to ask, with the mark in each place where a person's data may be."""
    headers = {"X-API-Key": KEY}
    for term in (
        MARK,
        f"{MARK} hansen",
        SOREN.identifier,
        SOREN.phone,
        SOREN.email,
        f"{MARK}\x00",
        MARK * 99,
    ):
        asked = {"search_term": term, "currency_code": "DKK", "limit": "5"}
        requests.get(f"{url}/customers/lookup", params=asked, headers=headers, timeout=10)
        requests.post(f"{url}/customers/lookup", json=asked, headers=headers, timeout=10)
        requests.get(f"{url}/customers/{term}", headers=headers, timeout=10)
        requests.get(f"{url}/{term}", headers=headers, timeout=10)
        requests.get(f"{url}/customers/lookup", params=asked, headers={"X-API-Key": MARK}, timeout=10)
        requests.request("DELETE", f"{url}/customers/{term}", headers=headers, timeout=10)
    requests.get(f"{url}/customers/lookup?search_term=a&limit={MARK}&apikey={KEY}", timeout=10)
    requests.post(f"{url}/customers/lookup", data=f'{{"{MARK}', headers=headers, timeout=10)
    requests.get(f"{url}/{MARK}", headers={**headers, "X-Request-Id": f"{MARK} {MARK}"}, timeout=10)
    requests.request(MARK.upper(), f"{url}/{MARK}", headers={"Referer": MARK, "User-Agent": MARK}, timeout=10)
