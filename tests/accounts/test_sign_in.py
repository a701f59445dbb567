"""Signing in by a mailed link or with a password, and out again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from accounts import views
from accounts.backends import visitors_address
from accounts.models import SignInLink, User
from notifications.models import Message
from notifications.sign_in import write_link
from tests.factories import make_operator, make_organization, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "a long one, for the test"


def ask(client: Client, email: str, next_url: str = "") -> Any:
    return client.post("/sign-in/", {"email": email, "next": next_url})


def work() -> None:
    """What a worker would do now, except sending."""
    for row in OrmQ.objects.all():
        task = row.task
        row.delete()
        if task["func"] != "notifications.tasks.send_due":
            import_string(task["func"])(*task["args"])


def mailed_link(client: Client, user: User, next_url: str = "") -> str:
    """The link in the mail that a person gets who asks for one."""
    ask(client, user.email, next_url)
    work()
    return link_in(Message.objects.latest("pk"))


def link_in(message: Message) -> str:
    (link,) = re.findall(r"^http://testserver(/\S+)$", message.text, re.MULTILINE)
    return str(link)


def body(response: Any) -> str:
    """The page without what is new each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", response.content.decode())


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- by link ---------------------------------------------------------------------------------------------


def test_a_link_signs_in_once(client: Client) -> None:
    link = mailed_link(client, make_user())
    assert client.post(link).status_code == 302
    assert is_signed_in(client)
    second = Client()
    assert second.post(link).status_code == 404
    assert not is_signed_in(second)


def test_looking_at_a_link_changes_nothing(client: Client) -> None:
    link = mailed_link(client, make_user())
    for _time in range(50):
        assert client.get(link).status_code == 200
    assert not is_signed_in(client)
    assert SignInLink.objects.get().used_at is None


def test_the_page_behind_a_link_does_not_say_whose_it_is(client: Client) -> None:
    user = make_user(name="Jonas Keller")
    page = client.get(mailed_link(client, user)).content.decode()
    assert "Jonas" not in page
    assert user.email not in page


def test_the_link_stands_alone_on_its_line_and_says_how_long_it_works(client: Client) -> None:
    mailed_link(client, make_user(name="Jonas Keller"))
    message = Message.objects.get()
    assert "Dear Jonas Keller," in message.text
    assert "within 20 minutes" in message.text
    assert (message.kind, message.key) == ("sign-in", f"sign-in:{SignInLink.objects.get().pk}")


def test_a_link_leads_to_where_one_was_going(client: Client) -> None:
    link = mailed_link(client, make_user(), "/reports/x/?page=2")
    assert client.post(link).headers["Location"] == "/reports/x/?page=2"


def test_without_anywhere_to_go_it_leads_to_the_desk(client: Client) -> None:
    assert client.post(mailed_link(client, make_user())).headers["Location"] == "/admin/"


def test_a_link_is_over_after_twenty_minutes(client: Client) -> None:
    link = mailed_link(client, make_user())
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404
    assert not is_signed_in(client)


def test_a_link_lasts_twenty_minutes(client: Client) -> None:
    mailed_link(client, make_user())
    link = SignInLink.objects.get()
    assert link.expires_at - link.created_at == timedelta(minutes=20)


def test_a_link_is_over_when_its_person_may_no_longer_sign_in(client: Client) -> None:
    link = mailed_link(client, make_user())
    User.objects.update(is_active=False)
    assert client.post(link).status_code == 404
    assert not is_signed_in(client)


def test_every_link_that_opens_nothing_looks_the_same(client: Client) -> None:
    used, expired = mailed_link(client, make_user()), mailed_link(client, make_user())
    client.post(used)
    SignInLink.objects.filter(used_at=None).update(expires_at=timezone.now())
    answers = [Client().get(link) for link in (used, expired, "/sign-in/never-issued/")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({body(answer) for answer in answers}) == 1


def test_where_a_link_is_over_one_can_ask_for_another(client: Client) -> None:
    page = BeautifulSoup(client.get("/sign-in/never-issued/").content, "html.parser")
    assert page.select_one("main form")["action"] == "/sign-in/"
    assert page.select_one("main input[name=email]")


def test_signing_in_changes_the_session(client: Client) -> None:
    link = mailed_link(client, make_user())
    before = client.session.session_key  # there is one from here on
    client.post(link)
    assert client.session.session_key != before


def test_signing_in_as_somebody_else_leaves_nothing_of_the_first(client: Client) -> None:
    client.force_login(make_user(), backend="accounts.backends.RoleBackend")
    session = client.session
    session["of the first"] = True
    session.save()
    second = make_user()
    client.post(mailed_link(client, second))
    assert client.session["_auth_user_id"] == str(second.pk)
    assert "of the first" not in client.session


def test_five_links_an_hour_are_enough(client: Client) -> None:
    user = make_user()
    for _time in range(7):
        assert ask(client, user.email).status_code == 200
        work()
    assert Message.objects.count() == 5


def test_where_visitors_cannot_be_told_apart_they_share_no_limit(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LINKS_PER_PLACE", 1)
    settings.PROXY_COUNT = 1  # and the proxy does not say for whom it asks
    assert [ask(client, f"person{each}@post.example").status_code for each in range(3)] == [200, 200, 200]


def test_an_address_may_be_written_in_capitals(client: Client) -> None:
    user = make_user(email="jonas@northmoor.example")
    ask(client, "Jonas@Northmoor.Example")
    work()
    assert Message.objects.get().to_address == user.email


def test_a_link_needs_a_whole_address(client: Client) -> None:
    page = BeautifulSoup(ask(client, "jonas@").content, "html.parser")
    field = page.select_one("#id_email")
    assert (field["value"], field["aria-invalid"]) == ("jonas@", "true")
    assert "Enter a whole address" in page.select_one(f"#{field['aria-describedby']}").get_text()
    assert OrmQ.objects.count() == 0


# --- nobody learns who has an account --------------------------------------------------------------------


def test_a_stranger_reads_the_same_and_gets_no_mail(client: Client) -> None:
    known, unknown = ask(client, make_user().email), ask(client, "nobody@northmoor.example")
    work()
    assert body(known) == body(unknown)
    assert Message.objects.count() == 1


def test_a_request_does_the_same_work_whether_or_not_the_address_is_known(client: Client) -> None:
    user, gone = make_user(), make_user(is_active=False)
    statements = [statements_of(client, email) for email in (user.email, gone.email, "nobody@northmoor.example")]
    assert statements[0] == statements[1] == statements[2]


def statements_of(client: Client, email: str) -> list[str]:
    """The kinds of statements that the database gets when a link is asked for."""
    with CaptureQueriesContext(connection) as queries:
        ask(client, email)
    said = (re.split("WHERE|VALUES| SET ", query["sql"])[0] for query in queries)
    return [each for each in said if "SAVEPOINT" not in each]  # which have a name each


def test_no_mail_goes_to_somebody_who_may_not_sign_in() -> None:
    write_link(make_user(is_active=False).pk, "")
    assert not Message.objects.exists()


# --- with a password -------------------------------------------------------------------------------------


def with_password(client: Client, email: str, password: str = PASSWORD, next_url: str = "") -> Any:
    return client.post("/sign-in/", {"username": email, "password": password, "next": next_url})


def test_a_password_signs_in_and_leads_to_where_one_was_going(client: Client) -> None:
    user = make_user(password=PASSWORD)
    response = with_password(client, user.email.upper(), next_url="/reports/x/")
    assert response.headers["Location"] == "/reports/x/"
    assert is_signed_in(client)


def test_the_operator_signs_in_though_they_belong_to_no_organization(client: Client) -> None:
    with_password(client, make_operator(password=PASSWORD).email)
    assert is_signed_in(client)


def test_a_wrong_password_says_so_and_keeps_the_address(client: Client) -> None:
    user = make_user(password=PASSWORD)
    page = BeautifulSoup(with_password(client, user.email, "wrong").content, "html.parser")
    assert "Address and password do not match." in page.select_one(".notice").get_text()
    assert page.select_one("#id_username")["value"] == user.email
    assert not page.select_one("#id_password").get("value")


def test_after_five_guesses_even_the_right_password_is_refused(client: Client) -> None:
    user = make_user(password=PASSWORD)
    answers = [with_password(client, user.email, f"guess {number}").status_code for number in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert with_password(client, user.email).status_code == 429
    assert not is_signed_in(client)


def test_writing_the_address_in_another_way_gives_no_further_guesses(client: Client) -> None:
    user = make_user(password=PASSWORD, email="jonas@northmoor.example")
    for address in (
        "Jonas@northmoor.example",
        "JONAS@northmoor.example",
        " jonas@northmoor.example",
        "jonas@Northmoor.example",
    ):
        with_password(client, address, "guess")
    assert with_password(client, user.email, "guess").status_code == 429


def test_a_guesser_locks_nobody_out_of_their_mailed_link(client: Client) -> None:
    user = make_user(password=PASSWORD)
    for number in range(6):
        with_password(client, user.email, f"guess {number}")
    client.post(mailed_link(client, user))
    assert is_signed_in(client)


# --- where it leads --------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_password_never_leads_to_another_site(client: Client, url: str) -> None:
    user = make_user(password=PASSWORD)
    assert with_password(client, user.email, next_url=url).headers["Location"] == "/admin/"


@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_link_never_leads_to_another_site(client: Client, url: str) -> None:
    link = mailed_link(client, make_user(), url)
    SignInLink.objects.update(next_url=url)  # and if it had been stored, not even then
    assert client.post(link).headers["Location"] == "/admin/"


@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_foreign_address_is_not_even_kept(client: Client, url: str) -> None:
    mailed_link(client, make_user(), url)
    assert SignInLink.objects.get().next_url == ""


def test_both_forms_keep_where_one_was_going(client: Client) -> None:
    page = BeautifulSoup(client.get("/sign-in/?next=/reports/x/").content, "html.parser")
    assert [field["value"] for field in page.select("main input[name=next]")] == ["/reports/x/"] * 2


# --- the pages themselves --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/never-issued/"])
def test_no_cache_keeps_a_page(client: Client, path: str) -> None:
    assert "no-store" in client.get(path).headers["Cache-Control"]


def test_no_other_page_learns_the_address_of_a_link(client: Client) -> None:
    link = mailed_link(client, make_user())
    assert client.get(link).headers["Referrer-Policy"] == "strict-origin"


def test_a_forged_form_signs_nobody_in() -> None:
    client = Client(enforce_csrf_checks=True)
    link = mailed_link(Client(), make_user())
    assert client.post(link).status_code == 403
    assert SignInLink.objects.get().used_at is None


def test_every_field_has_its_label(client: Client) -> None:
    page = BeautifulSoup(client.get("/sign-in/").content, "html.parser")
    fields = page.select("main input:not([type=hidden])")
    assert [field["name"] for field in fields] == ["email", "username", "password"]
    assert all(page.select_one(f'label[for="{field["id"]}"]') for field in fields)


def test_signing_out_takes_a_press_of_a_button(client: Client) -> None:
    client.force_login(make_user(), backend="accounts.backends.RoleBackend")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert not is_signed_in(client)


def test_the_token_itself_is_not_kept(client: Client) -> None:
    token = mailed_link(client, make_user(make_organization())).split("/")[2]
    assert token not in str(SignInLink.objects.values().get())
    assert len(token) >= 32


@pytest.mark.parametrize(
    ("proxies", "heard", "expected"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "unknown", None),
        (1, "", None),
    ],
)
def test_guesses_are_counted_by_the_address_that_our_proxies_saw(
    rf: RequestFactory, settings: Any, proxies: int, heard: str, expected: str | None
) -> None:
    settings.PROXY_COUNT = proxies

    assert visitors_address(rf.get("/", headers={"X-Forwarded-For": heard})) == expected
