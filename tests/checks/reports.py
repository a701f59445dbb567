"""How a report is read."""

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from checks.models import Check
from tests.factories import make_user


def address(check: Check) -> str:
    return reverse("report", kwargs={"check": check.public_id})


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.backends.RoleBackend")
    return client


def read(check: Check, user: User | None = None, query: str = "") -> BeautifulSoup:
    response = signed_in(user or make_user(check.organization)).get(address(check) + query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def headings(page: BeautifulSoup) -> list[str]:
    return [heading.get_text() for heading in page.select(".report h2")]


def part(page: BeautifulSoup, title: str) -> str:
    """The words of one part of the report."""
    (found,) = [section for section in page.select(".report section") if title in section.h2.get_text()]
    return " ".join(found.get_text(" ").split())


def words(page: BeautifulSoup) -> str:
    """All that the report says."""
    return " ".join(page.select(".report")[0].get_text(" ").split())
