"""How candidates and references come to their pages, and what they send from there."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client

from checks.models import Check, Reference

AGREED = {"consent": "on"}


def link_to(row: Check | Reference) -> str:
    """The path of the link in the mail."""
    return f"/{'c' if isinstance(row, Check) else 'r'}/{row.token}/"


def enter(client: Client, row: Check | Reference) -> str:
    """Follow the link; the address of the page behind it."""
    return str(client.get(link_to(row)).headers["Location"])


def visit(client: Client, row: Check | Reference) -> BeautifulSoup:
    return read(client.get(enter(client, row)))


def read(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def only(page: BeautifulSoup, selector: str) -> Tag:
    (tag,) = page.select(selector)
    return tag


def words(tag: BeautifulSoup | Tag | None) -> str:
    return " ".join(tag.get_text().split()) if tag else ""


def names_for(check: Check, **changes: str) -> dict[str, str]:
    """A whole form of a candidate. A change is for one field, such as `reference_2_email`."""
    form = dict(AGREED)
    for position, request in enumerate(check.frozen.requests, 1):
        person = {
            "name": f"Person {position}",
            "email": f"person{position}@solent.example",
            "company": "Solent Lines",
            "worked_from": "2020-04",
            "worked_until": "2023-09",
        }
        if request.relationship == "any":
            person["relationship"] = "client"
        form |= {f"reference-{position}-{field}": value for field, value in person.items()}
    for field, value in changes.items():
        form[field.replace("_", "-", 2)] = value
    return form


def answers(reference: Reference, **changes: Any) -> dict[str, Any]:
    """A whole survey of `factories.make_survey`. A change is for one question, such as `work_again`."""
    usual = {"overall": "4", "setbacks": "2", "work-again": "yes", "pace": "In a team", "strength": "Calm."}
    usual |= {key.replace("_", "-"): value for key, value in changes.items()}
    return {f"q-{key}": value for key, value in usual.items() if value is not None}


def unlabelled(page: BeautifulSoup) -> list[Tag]:
    """Fields that no <label> belongs to."""
    fields = page.select("input:not([type=hidden]), select, textarea")
    return [field for field in fields if not page.select(f'label[for="{field.get("id")}"]')]


def dangling(page: BeautifulSoup) -> list[str]:
    """Ids that a link of the summary or an aria attribute points to, and that are not on the page."""
    wanted = {str(link["href"])[1:] for link in page.select('a[href^="#"]')}
    wanted |= {one for tag in page.select("[aria-describedby]") for one in str(tag["aria-describedby"]).split()}
    wanted |= {str(tag["aria-labelledby"]) for tag in page.select("[aria-labelledby]")}
    return sorted(wanted - {str(tag["id"]) for tag in page.select("[id]")})
