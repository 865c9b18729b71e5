"""The pages, in a real browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from customers.customer import Customer
from index.tantivy_engine import TantivyIndex
from service.server import HttpServer
from service.settings import ServiceSettings
from tests.service.browser import CHROMIUM, Browser
from tests.service.desk import KEY, Status, app_of, indexed
from tests.service.test_health import STALE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all of them."""
    with Browser(tmp_path_factory.mktemp("profile")) as made:
        yield made


@contextmanager
def serving(index: TantivyIndex, status: Status | None = None, **settings: Any) -> Iterator[str]:
    asked = ServiceSettings(port=0, default_currency="DKK", **settings)
    server = HttpServer(app_of(index, asked, status), asked)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()
        thread.join()


def test_one_types_and_sees_who_it_is(browser: Browser, index: TantivyIndex) -> None:
    with serving(index) as url:
        browser.open(url)
        browser.wait("document.activeElement.id === 'term'")
        browser.write("C-10023")
        browser.wait("document.querySelectorAll('#customers li').length === 1")
        text = browser.evaluate("document.getElementById('customers').innerText")
    assert "Søren Kjær Hansen" in text
    assert "Balance -500.1, overdue -300, limit 1000" in text
    assert browser.console == []


def test_nobody_is_said(browser: Browser, index: TantivyIndex) -> None:
    with serving(index) as url:
        browser.open(url)
        browser.write("xyzzyxyzzy")
        browser.wait("document.getElementById('message').innerText === 'Nobody found.'")


def test_the_key_is_asked_for_and_kept_in_the_tab(browser: Browser, index: TantivyIndex) -> None:
    with serving(index, api_keys=(KEY,)) as url:
        browser.open(url)
        browser.wait("document.activeElement.id === 'key'")
        browser.write(KEY)
        browser.press_enter()
        browser.wait("document.getElementById('key-form').hidden")
        browser.evaluate("document.getElementById('term').focus()")
        browser.write("lars")
        browser.wait("document.getElementById('customers').innerText.includes('Lars Hansen')")
        browser.open(f"{url}/status")
        browser.wait("document.getElementById('state').innerText === 'ready'")
        assert browser.evaluate("document.cookie + JSON.stringify(localStorage)") == "{}"


def test_a_wrong_key_is_asked_for_again(browser: Browser, index: TantivyIndex) -> None:
    with serving(index, api_keys=(KEY,)) as url:
        browser.open(f"{url}/status")
        browser.wait("document.activeElement.id === 'key'")
        browser.write("wrong")
        browser.press_enter()
        browser.wait("document.getElementById('message').innerText.includes('a valid key is needed')")
        assert browser.evaluate("document.getElementById('key-form').hidden") is False


def test_a_late_answer_to_a_wrong_key_leaves_the_right_one(browser: Browser, index: TantivyIndex) -> None:
    """Answers to wrong keys are held back, so that somebody may have typed the right one meanwhile."""
    with serving(index, api_keys=(KEY,)) as url:
        browser.open(url)
        browser.evaluate(
            """(async () => {
                const { ask } = await import("/static/service.js");
                sessionStorage.setItem("customer-lookup-key", "wrong");
                const answered = ask("customers/lookup?search_term=lars");
                sessionStorage.setItem("customer-lookup-key", "right");
                await answered;
                document.title = "answered";
            })()"""
        )
        browser.wait("document.title === 'answered'")
        assert browser.evaluate("sessionStorage.getItem('customer-lookup-key')") == "right"
        assert browser.evaluate("document.getElementById('message').innerText") == ""


def test_the_sync_page_says_what_is_wrong(browser: Browser, index: TantivyIndex) -> None:
    with serving(index, Status(STALE)) as url:
        browser.open(f"{url}/status")
        browser.wait("document.getElementById('state').innerText === 'stale'")
        text = browser.evaluate("document.body.innerText")
    assert "sync: the source is down: start it" in text
    assert "first" in text


def test_behind_a_proxy_with_a_prefix(browser: Browser, index: TantivyIndex) -> None:
    with serving(index, path_prefix="/till") as url:
        browser.open(f"{url}/till/")
        browser.wait("document.activeElement.id === 'term'")
        browser.write("lars")
        browser.wait("document.getElementById('customers').innerText.includes('Lars Hansen')")


def test_what_a_customer_is_called_is_never_markup(browser: Browser, tmp_path: Path) -> None:

    eve = Customer(
        "E-1", name="<img src=x onerror=document.title='owned'>Eve", city="</li><script>1</script>"
    )
    with serving(indexed(tmp_path, [eve])) as url:
        browser.open(url)
        browser.write("E-1")
        browser.wait("document.querySelectorAll('#customers li').length === 1")
        assert browser.evaluate("document.querySelectorAll('#customers img').length") == 0
        assert "owned" not in browser.evaluate("document.title")


def test_the_api_page(browser: Browser, index: TantivyIndex) -> None:
    with serving(index) as url:
        browser.open(f"{url}/docs")
        assert "GET /customers/lookup" in browser.evaluate("document.body.innerText")
