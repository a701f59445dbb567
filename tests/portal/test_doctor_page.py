"""The doctor's page: there at once, filled line by line, and whole for browsers that run no script."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from integrations.doctor.examination import QUESTIONS, Asked
from integrations.models import Connection, Delivery, Heartbeat, Webhook
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from integrations.sandbox.world import World as LeverWorld
from integrations.tasks import process_inbox
from notifications.models import Message
from tests.factories import make_connection, make_user
from tests.portal.world import VISITORS, World, make_delivery

ASKED = [name for name, question in QUESTIONS.items() if isinstance(question, Asked)]
# As VISITORS: super admin, admin, team member, limited, operator, stranger, nobody in particular.
PAGE = (200, 200, 403, 403, 200, 403, 302)
CLICK = (302, 403, 403, 403, 302, 403, 302)


@pytest.fixture
def lever(settings: Any) -> Iterator[SandboxServer]:
    with SandboxServer(LeverWorld.empty()) as server:
        settings.LEVER_API_URL = server.api_url
        yield server


@pytest.fixture
def patient(world: World, lever: SandboxServer) -> Connection:
    """Ours, with a key that Lever takes."""
    connection = world.ours.connection
    connection.api_key, connection.stage_id = DEMO_API_KEY, "offer"
    connection.save()
    return connection


def address(connection: Connection, part: str = "", *args: str) -> str:
    return reverse(f"admin:integrations_connection_doctor{part}", args=[connection.pk, *args])


def seen(answer: Any) -> BeautifulSoup:
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def words(page: BeautifulSoup, where: str) -> list[str]:
    """What stands there; something must."""
    found = [" ".join(each.get_text(" ").split()) for each in page.select(where)]
    assert found, where
    return found


# --- who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("visitor", VISITORS)
def test_it_opens_for_whoever_may_see_the_connection(world: World, visitor: str) -> None:
    connection, browser, place = world.ours.connection, world.visitor(visitor), VISITORS.index(visitor)
    assert browser.get(address(connection)).status_code == PAGE[place]
    parts = [("_line", "key"), ("_verdict",), ("_test",)]
    assert {browser.get(address(connection, *part)).status_code for part in parts} == {PAGE[place]}


@pytest.mark.parametrize("visitor", VISITORS)
def test_only_whoever_may_change_the_connection_sends_a_test(world: World, visitor: str, settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"
    answer = world.visitor(visitor).post(address(world.ours.connection, "_test"))
    assert answer.status_code == CLICK[VISITORS.index(visitor)]


@pytest.mark.parametrize("part", [(), ("_verdict",), ("_line", "key")])
def test_nothing_but_the_test_takes_a_post(world: World, part: tuple[str, ...]) -> None:
    assert world.visitor(Role.SUPER_ADMIN).post(address(world.ours.connection, *part)).status_code == 405


def test_a_test_from_elsewhere_is_refused(world: World) -> None:
    browser = world.visitor(Role.SUPER_ADMIN)
    browser.handler.enforce_csrf_checks = True
    assert browser.post(address(world.ours.connection, "_test")).status_code == 403


def test_buttons_are_for_those_who_may_press_them(world: World, patient: Connection) -> None:
    pages = {who: seen(world.visitor(who).get(address(patient), {"ask": 1})) for who in ("super admin", "admin")}
    assert pages["super admin"].select(".doctor .button")
    assert pages["super admin"].select_one("#test button")
    assert not pages["admin"].select(".doctor .button, #test button, .table button")


def test_nothing_of_another_organization_is_on_it(world: World, patient: Connection) -> None:
    make_delivery(world.theirs.connection, "Magpie", state="failed")
    assert "Magpie" not in world.visitor(Role.SUPER_ADMIN).get(address(patient), {"ask": 1}).text


def test_no_secret_is_on_it(world: World, patient: Connection) -> None:
    page = world.visitor(Role.SUPER_ADMIN).get(address(patient), {"ask": 1}).text
    assert not [secret for secret in (DEMO_API_KEY, *patient.tokens_for("hired"), "secret-signature") if secret in page]


# --- at once, and line by line ------------------------------------------------------------------------------


def test_the_page_is_there_without_a_word_from_lever(world: World, patient: Connection, lever: SandboxServer) -> None:
    lever.faults.add(Fault("hang", times=99))
    page = seen(world.visitor(Role.SUPER_ADMIN).get(address(patient)))
    assert not lever.calls.last()
    assert [each["data-fill"] for each in page.select("[data-fill]")] == [address(patient, "_line", n) for n in ASKED]
    assert len(page.select("[data-line]")) == len(QUESTIONS)


def test_it_needs_a_fixed_number_of_queries(world: World, patient: Connection) -> None:
    def asked() -> int:
        with CaptureQueriesContext(database) as captured:
            browser.get(address(patient))
        return len(captured)

    browser = world.visitor(Role.SUPER_ADMIN)
    browser.get(address(patient))
    few = asked()
    for number in range(30):
        make_delivery(patient, f"x{number}", state="failed")
    assert asked() <= few + 1
    assert few < 60


@pytest.mark.parametrize("name", ASKED)
def test_each_line_comes_by_itself(world: World, patient: Connection, lever: SandboxServer, name: str) -> None:
    Connection.objects.update(attaches_pdf=True)  # else nobody needs to know whether files may be written
    line = seen(world.visitor(Role.ADMIN).get(address(patient, "_line", name)))
    assert line.select_one("strong").get_text() == str(QUESTIONS[name].title)
    assert line.select_one(".state")["class"][1:] != ["moving"]
    assert 1 <= len(lever.calls.last()) <= 2


@pytest.mark.parametrize("name", ["queue", "no-such-line"])
def test_other_lines_are_not_to_be_fetched(world: World, patient: Connection, name: str) -> None:
    assert world.visitor(Role.SUPER_ADMIN).get(address(patient, "_line", name)).status_code == 404


def test_the_title_says_so_far_until_lever_has_answered(world: World, patient: Connection) -> None:
    page = seen(world.visitor(Role.SUPER_ADMIN).get(address(patient)))
    assert words(page, "h1")[0].endswith("so far")
    assert page.select_one("[data-verdict]")["data-verdict"] == address(patient, "_verdict")


def test_the_title_follows_what_the_browser_has_counted(world: World) -> None:
    url = address(world.ours.connection, "_verdict")
    part = seen(world.visitor(Role.ADMIN).get(url, {"broken": "1", "look": "2", "well": "8"}))
    assert words(part, "h1") == ["One thing is broken, two deserve a look"]
    assert words(part, "p")[0].endswith("Eight lines are well.")


@pytest.mark.parametrize("nonsense", ["-1", "1e9", "99999", "<b>", "٣", ""])
def test_nonsense_is_not_counted(world: World, nonsense: str) -> None:
    url = address(world.ours.connection, "_verdict")
    assert words(seen(world.visitor(Role.ADMIN).get(url, {"broken": nonsense})), "h1") == ["All is well"]


# --- without a script ---------------------------------------------------------------------------------------


def test_without_a_script_one_link_asks_for_everything(world: World, patient: Connection) -> None:
    browser = world.visitor(Role.SUPER_ADMIN)
    assert seen(browser.get(address(patient))).select_one('noscript a[href="?ask=1"]')
    page = seen(browser.get(address(patient), {"ask": 1}))
    assert not page.select("[data-fill], noscript, [data-verdict]")
    assert len(page.select("[data-line]")) == len(QUESTIONS)
    broken, look = (len(page.select(f"[data-line] > .state.{shape}")) for shape in ("bad", "warn"))
    assert (broken, look) == (2, 2)  # no worker, a user of another account; no default template, nothing heard
    assert words(page, "h1") == ["Two things are broken, two deserve a look"]


def test_looking_again_asks_again_in_the_same_way(world: World, patient: Connection) -> None:
    page = seen(world.visitor(Role.ADMIN).get(address(patient), {"ask": 1}))
    assert page.select_one('.page-head form:not([method]) input[name="ask"][value="1"]')


@pytest.mark.parametrize("kind", ["hang", "reset"])
def test_a_dead_lever_does_not_hold_the_page_up(
    world: World, patient: Connection, lever: SandboxServer, kind: str
) -> None:
    lever.faults.add(Fault(kind, times=99, seconds=60))
    started = time.monotonic()
    page = seen(world.visitor(Role.SUPER_ADMIN).get(address(patient), {"ask": 1}))
    assert time.monotonic() - started < 10
    assert "Not asked: Lever did not answer a moment ago." in page.get_text()


def test_what_puts_a_line_right_is_there(world: World, patient: Connection, lever: SandboxServer) -> None:
    """Each button leads to a page that opens, with the field that it names."""
    browser = world.visitor(Role.SUPER_ADMIN)
    make_everything_wrong(patient, lever)
    page = seen(browser.get(address(patient), {"ask": 1}))
    buttons = {str(link["href"]) for link in page.select(".doctor .button")}
    assert {url.partition("#")[2] for url in buttons} >= {"id_new_api_key", "id_stage_id", "url-hired", "hooks"}
    assert {url.partition("?")[2] for url in buttons} >= {"state=failed", "state=waiting", "source=found"}
    for url in buttons:
        place, _hash, control = url.partition("#")
        assert not control or seen(browser.get(place)).find(id=control), url
        assert browser.get(place).status_code == 200, url


def make_everything_wrong(connection: Connection, lever: SandboxServer) -> None:
    at = timezone.now() - timedelta(hours=1)
    lever.world.add_key("narrow", {"stages:read", "opportunities:read", "webhooks:read"})
    for _ in range(2):
        lever.world.add_webhook("candidateHired", connection.webhook_url("hired"))
    connection.api_key, connection.stage_id = "narrow", "gone"
    connection.save()
    connection.webhook_tokens.filter(webhook="deleted").delete()
    make_delivery(connection, "misplaced", webhook="hired", state="ignored", event="x", decision="wrong-address")
    for number in range(5):
        make_delivery(
            connection, f"lost{number}", state="failed", source="found", created_at=at + timedelta(minutes=number)
        )
    make_delivery(connection, "waits", created_at=at)
    Message.objects.update(state="failed")


# --- the last deliveries ------------------------------------------------------------------------------------


def test_the_last_five_deliveries_are_shown(world: World, patient: Connection) -> None:
    for number in range(7):
        make_delivery(patient, f"x{number}", state="ignored")
    page = seen(world.visitor(Role.ADMIN).get(address(patient)))
    assert len(page.select('section[aria-labelledby="last"] tbody tr')) == 5


def test_process_again_comes_back_here(world: World, patient: Connection) -> None:
    row = make_delivery(patient, "x", state="failed")
    browser = world.visitor(Role.SUPER_ADMIN)
    form = seen(browser.get(address(patient))).select_one('section[aria-labelledby="last"] form')
    answer = browser.post(str(form["action"]), {"next": form.select_one('[name="next"]')["value"]})
    assert answer.headers["Location"] == address(patient)
    assert Delivery.objects.get(pk=row.pk).state == "waiting"


# --- a signed test event ------------------------------------------------------------------------------------


@pytest.fixture
def by_http(live_server: Any, settings: Any) -> Connection:
    """A connection whose addresses lead back to us over real HTTP."""
    settings.SITE_URL = live_server.url
    return make_connection()


@pytest.fixture
def ruth(by_http: Connection) -> Client:
    client = Client()
    client.force_login(make_user(by_http.organization, Role.SUPER_ADMIN))
    return client


def send(client: Client, connection: Connection) -> list[str]:
    return words(seen(client.post(address(connection, "_test"), follow=True)), "#test .steps li")


def test_a_test_comes_in_at_each_address(by_http: Connection, ruth: Client) -> None:
    lines = send(ruth, by_http)
    assert len(lines) == len(Webhook)
    assert all("Arrived within" in line and "It waits for a worker." in line for line in lines)
    assert Delivery.objects.filter(connection=by_http).count() == len(Webhook)


def test_only_addresses_with_a_token_are_tried(by_http: Connection, ruth: Client) -> None:
    by_http.webhook_tokens.exclude(webhook="hired").delete()
    assert [line.split(" Arrived")[0] for line in send(ruth, by_http)] == ["Open: Candidate hired"]


def test_the_newest_token_signs(by_http: Connection, ruth: Client) -> None:
    by_http.set_token(Webhook.HIRED, "brand-new", timezone.now())
    assert all("Arrived within" in line for line in send(ruth, by_http))


def test_without_any_token_it_says_so(by_http: Connection, ruth: Client) -> None:
    by_http.webhook_tokens.all().delete()
    assert "nothing to sign with" in send(ruth, by_http)[0]


def test_the_page_asks_until_a_worker_has_settled_it(by_http: Connection, ruth: Client) -> None:
    send(ruth, by_http)
    url = address(by_http, "_test")
    assert seen(ruth.get(url)).select_one(f'[data-fill="{url}"][data-after="700"]')
    process_inbox()
    part = seen(ruth.get(url))
    assert not part.select("[data-fill]")
    assert all("processed after" in line for line in words(part, "li"))


def test_it_is_put_down_as_our_test_and_not_as_levers(by_http: Connection, ruth: Client) -> None:
    send(ruth, by_http)
    process_inbox()
    assert set(Delivery.objects.values_list("source", "decision", "for_check")) == {("test", "test", None)}
    page = seen(ruth.get(address(by_http)))
    assert "Nothing has come yet" in words(page, "#line-stage-change")[0]


@pytest.mark.parametrize(
    ("age", "beats", "says"), [(30, False, "no worker runs"), (30, True, "queue is long"), (1, False, "for a worker")]
)
def test_it_says_when_the_queue_does_not_move(
    by_http: Connection, ruth: Client, age: int, beats: bool, says: str
) -> None:
    send(ruth, by_http)
    Delivery.objects.update(created_at=timezone.now() - timedelta(seconds=age))
    if beats:
        Heartbeat.beat(timezone.now())
    assert all(says in line for line in words(seen(ruth.get(address(by_http, "_test"))), "li"))


def test_while_lever_refuses_it_waits_and_says_for_what(by_http: Connection, ruth: Client) -> None:
    by_http.fail("Lever does not know the key.")
    assert all("until Lever accepts the key" in line for line in send(ruth, by_http))


def test_a_delivery_that_was_given_up_is_told(by_http: Connection, ruth: Client) -> None:
    send(ruth, by_http)
    Delivery.objects.update(state="failed")
    assert all("could not be processed" in line for line in words(seen(ruth.get(address(by_http, "_test"))), "li"))


@pytest.fixture
def somebody(request: pytest.FixtureRequest, settings: Any) -> Iterator[list[bytes]]:
    """Somebody else at our address, who answers with a fixed status; what they were sent."""
    heard: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(request.param)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """The test keeps its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"
    yield heard
    server.shutdown()
    server.server_close()


ANSWERS = {
    200: "the address is not ours",
    302: "answers with another address",
    403: "the signature was refused",
    404: "does not know this connection",
    413: "too large",
    502: "it answered 502",
}


@pytest.mark.parametrize(("somebody", "says"), ANSWERS.items(), indirect=["somebody"])
def test_it_says_what_came_back(world: World, somebody: list[bytes], says: str) -> None:
    lines = send(world.visitor(Role.SUPER_ADMIN), world.ours.connection)
    assert len(lines) == len(somebody) == len(Webhook)
    assert all(line.startswith("Broken: ") and says in line for line in lines)


def test_it_says_when_nobody_answers(world: World, settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"
    assert all("nobody answers" in line for line in send(world.visitor("operator"), world.ours.connection))


def test_a_certificate_that_lever_would_not_accept_is_told(world: World, lever: SandboxServer, settings: Any) -> None:
    """No TLS at all where there ought to be."""
    settings.SITE_URL = lever.url.replace("http://", "https://")
    assert all("its certificate" in line for line in send(world.visitor("operator"), world.ours.connection))


def test_an_old_test_is_not_shown_any_more(world: World, settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"
    browser = world.visitor(Role.SUPER_ADMIN)
    send(browser, world.ours.connection)
    session = browser.session
    session["doctor-trial"]["at"] = (timezone.now() - timedelta(minutes=11)).isoformat()
    session.save()
    assert not seen(browser.get(address(world.ours.connection))).select("#test .steps")


def test_a_test_of_another_connection_is_not_shown_here(world: World, settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"
    browser = world.visitor("operator")
    send(browser, world.theirs.connection)
    assert not seen(browser.get(address(world.ours.connection))).select("#test .steps")
