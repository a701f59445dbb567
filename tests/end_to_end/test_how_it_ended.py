"""Two weeks after the check: the owner’s mail, its three answers, and what each does in Lever, in real browsers."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from config.demo import Demo
from config.play import Play
from tests.end_to_end.people import DESK, PHONE, Person
from tests.faults.processes import add_person, tags

OWNER = "mirjam@northmoor.example"
Arrive = Callable[..., Person]

# To move the clock on is to move all that has happened back.
DAYS_PASS = """
from datetime import timedelta
from django.db.models import DateTimeField, F
from checks.models import Check, Outcome, OutcomeQuestion
from integrations.models import Delivery
from integrations.tasks import sweep
check = Check.objects.get(candidate_name={name!r})
for rows in (Check.objects.filter(pk=check.pk), Outcome.objects.filter(for_check=check),
             OutcomeQuestion.objects.filter(outcome__for_check=check), Delivery.objects.filter(for_check=check)):
    moments = [each.name for each in rows.model._meta.get_fields() if isinstance(each, DateTimeField)]
    rows.update(**{{name: F(name) - timedelta(days={days}) for name in moments}})
sweep()
"""


def days_pass(demo: Demo, name: str, days: int) -> None:
    demo.manage("shell", "-c", DAYS_PASS.format(name=name, days=days))


def completed(demo: Demo, name: str) -> str:
    """A candidate whose check is complete; the opportunity's id."""
    opportunity = add_person(demo, name)
    Play(demo, lambda step: None, watch=False, candidate=name).run()
    return opportunity


def in_lever(demo: Demo, opportunity: str) -> dict[str, Any]:
    return next(each for each in demo.lever_state()["opportunities"] if each["id"] == opportunity)


def answer_mail(owner: Person, name: str, link: str) -> Page:
    """Open the newest question about somebody, and the page of one of its answers."""
    owner.demo.until(f"the question about {name}", lambda: questions(owner.demo, name))
    owner.page.goto(f"{owner.demo.lever}/mailbox/?{urlencode({'to': OWNER})}")
    owner.page.get_by_role("link", name=f"Was {name} hired?").first.click()
    with owner.context.expect_page() as opened:
        owner.page.frame_locator("iframe").get_by_role("link", name=link, exact=True).click()
    owner.page = opened.value
    owner.look()
    return owner.page


def save(owner: Person) -> None:
    owner.check_accessibility()
    owner.page.get_by_role("button", name="Save my answer").click()
    owner.look()


def say(owner: Person, name: str, link: str) -> None:
    """One answer: nothing is saved before the button is pressed."""
    page = answer_mail(owner, name, link)
    expect(page.get_by_role("radio", name=link, exact=True)).to_be_checked()
    assert not in_ending(owner.demo, name)
    save(owner)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, it is saved")


def in_ending(demo: Demo, name: str) -> list[str]:
    """The tags that say how it ended."""
    found = next(each for each in demo.lever_state()["opportunities"] if each["name"] == name)
    return [tag for tag in found["tags"] if re.fullmatch("Vouch - (Hired|Not hired)", tag)]


def say_later(owner: Person, name: str) -> None:
    """Not decided yet: the same question comes again when the week is over, and not before."""
    page = answer_mail(owner, name, "Not decided yet, ask me again")
    expect(page.get_by_role("radio", name="ask me again in 1 week", exact=False).first).to_be_checked()
    save(owner)
    expect(page.get_by_text("We ask you again on")).to_be_visible()
    asked = questions(owner.demo, name)
    days_pass(owner.demo, name, 6)
    assert questions(owner.demo, name) == asked
    days_pass(owner.demo, name, 2)
    owner.demo.until("the question comes again", lambda: questions(owner.demo, name) == asked + 1)


def questions(demo: Demo, name: str) -> int:
    return sum(f"Was {name} hired?" in mail["subject"] for mail in demo.mails())


def choose(recruiter: Person, writes: str, **reasons: str) -> None:
    """On the page of the connection: what an answer does in Lever."""
    page = recruiter.open("/admin/integrations/connection/")
    page.get_by_role("link", name=re.compile("Lever")).first.click()
    page.get_by_label("When somebody says how it ended, Vouch writes").select_option(label=writes)
    for label, reason in reasons.items():
        page.get_by_label(f"Archive reason for {label.replace('_', ' ')}", exact=True).select_option(label=reason)
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("status").first).to_be_visible()


def is_noted(demo: Demo, opportunity: str) -> None:
    demo.until("a note says who said it", lambda: "irjam" in str(in_lever(demo, opportunity)["notes"]))


def is_archived(demo: Demo, opportunity: str, reason: str) -> None:
    demo.until("Lever has archived it", lambda: in_lever(demo, opportunity)["archived"])
    assert in_lever(demo, opportunity)["archived"]["reason"] == reason


def test_two_weeks_later_a_tag_and_a_note(arrive: Arrive, demo: Demo) -> None:
    owner = arrive(PHONE)
    first, second = completed(demo, "Hanne Dahl"), completed(demo, "Pim Visser")
    days_pass(demo, "Hanne Dahl", 13)
    assert not questions(demo, "Hanne Dahl")
    days_pass(demo, "Hanne Dahl", 1)
    days_pass(demo, "Pim Visser", 14)

    say(owner, "Hanne Dahl", "Hired")
    say_later(owner, "Pim Visser")
    say(owner, "Pim Visser", "Not hired")

    demo.until("Lever shows Hired", lambda: "Vouch - Hired" in tags(demo)[first])
    demo.until("Lever shows Not hired", lambda: "Vouch - Not hired" in tags(demo)[second])
    for opportunity in (first, second):
        is_noted(demo, opportunity)
        assert in_lever(demo, opportunity)["archived"] is None


def test_two_weeks_later_the_opportunity_is_archived(arrive: Arrive, demo: Demo) -> None:
    recruiter, owner = arrive(DESK), arrive({**DESK, "java_script_enabled": False})
    recruiter.sign_in("ruth@northmoor.example")
    archive, nothing = "Tag, note and archive", "Tag and note only"
    choose(recruiter, archive, hired="Hired", not_hired="Withdrew")
    reasons = {each["text"]: each["id"] for each in demo.lever_state()["archiveReasons"]}
    first, second = completed(demo, "Joke Smit"), completed(demo, "Leif Aas")
    for name in ("Joke Smit", "Leif Aas"):
        days_pass(demo, name, 14)

    say(owner, "Joke Smit", "Hired")
    say_later(owner, "Leif Aas")
    assert in_lever(demo, second)["archived"] is None
    say(owner, "Leif Aas", "Not hired")

    is_archived(demo, first, reasons["Hired"])
    is_archived(demo, second, reasons["Withdrew"])
    page = recruiter.open("/admin/checks/check/?q=Joke")
    page.get_by_role("link", name="Joke Smit").first.click()
    expect(page.get_by_text("Hired, since").first).to_be_visible()
    recruiter.look()
    choose(recruiter, nothing)
