"""The whole main job, by people with browsers, against all processes: nobody here knows more than a page tells."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from config.play import CANDIDATE, RECRUITER, REFERENCES
from tests.end_to_end.people import DESK, PHONE, Person

CANDIDATES_ADDRESS = "marcus.webb@post.example"


def test_a_reference_check_from_a_move_in_lever_to_the_report(arrive: Callable[..., Person]) -> None:
    (eileen, bao, margit), recruiter = REFERENCES, arrive(DESK)
    profile = move_to_reference_check(recruiter)
    see_tag(profile, "Vouch - Candidate submitted")

    name_references(arrive(PHONE))
    see_tag(profile, "Vouch - Awaiting references")
    answer_at_the_second_attempt(arrive(PHONE, color_scheme="dark"), *eileen)
    see_tag(profile, "Vouch - References 1 of 3")
    answer_without_javascript(arrive(PHONE, java_script_enabled=False), *bao)
    see_tag(profile, "Vouch - References 2 of 3")
    answer_by_keyboard(arrive(DESK), *margit)
    see_tag(profile, "Vouch - Completed")

    desk = arrive(DESK, color_scheme="dark")
    desk.sign_in(RECRUITER)
    see_on_desk(desk, is_ready=True)
    read_report(recruiter, profile)
    see_on_desk(desk, is_ready=False)
    look_at_the_check(desk)


# --- in Lever -------------------------------------------------------------------------------------------


def move_to_reference_check(recruiter: Person) -> Locator:
    """The profile that shows from then on what becomes of it."""
    page = recruiter.page
    page.goto(recruiter.demo.lever)
    page.get_by_label(f"Move {CANDIDATE} to").select_option(label="Reference check")
    page.get_by_role("button", name=f"Move {CANDIDATE}").click()
    recruiter.look()
    return page.get_by_role("region", name=CANDIDATE)


def see_tag(profile: Locator, tag: str) -> None:
    """One of ours at a time. The page brings itself up to date."""
    expect(profile.locator("dd > .tag").filter(has_text="Vouch")).to_have_text([tag])


# --- the candidate --------------------------------------------------------------------------------------


def name_references(candidate: Person) -> None:
    candidate.open_mail(CANDIDATES_ADDRESS, "Your references")
    page = candidate.press_in_mail("Name your references")
    expect(page.get_by_role("heading", level=1)).to_contain_text("who can speak for your work?")
    candidate.look()
    candidate.check_accessibility()
    page.get_by_label("I agree").tap()
    for ordinal, reference in zip(("First", "Second", "Third"), REFERENCES, strict=True):
        name_one(page.get_by_role("group", name=f"{ordinal} reference"), *reference)
    page.get_by_role("button", name="Send these three names").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Three people are asked")
    candidate.look()
    candidate.check_accessibility()


def name_one(person: Locator, name: str, email: str, relationship: str) -> None:
    person.get_by_label("Full name").fill(name)
    person.get_by_label("E-mail address").fill(email)
    person.get_by_label("Worked together from").fill("April 2020")
    for choice in person.get_by_label("How do you know this person?").all():
        choice.select_option(relationship)


# --- references -----------------------------------------------------------------------------------------


def open_questions(reference: Person, email: str) -> Page:
    reference.open_mail(email, f"{CANDIDATE} asked you for a reference")
    page = reference.press_in_mail("Answer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Marcus at work, as you saw it")
    reference.look()
    return page


def answer_at_the_second_attempt(reference: Person, name: str, email: str, _relationship: str) -> None:
    """Nothing that was typed is lost."""
    page = open_questions(reference, email)
    reference.check_accessibility()
    *others, last = page.locator("fieldset.question").filter(has_not=page.locator("legend .optional")).all()
    for question in others:
        answer(question)
    before = typed(page)
    send(page)
    expect(page.get_by_role("heading", name="One thing to correct")).to_be_visible()
    reference.look()
    assert typed(page) == before
    answer(last)
    send(page)
    be_thanked(reference, name)
    reference.check_accessibility()


def answer_without_javascript(reference: Person, name: str, email: str, _relationship: str) -> None:
    page = open_questions(reference, email)
    for question in page.locator("fieldset.question").all():
        answer(question)
    send(page)
    be_thanked(reference, name)


def answer_by_keyboard(reference: Person, name: str, email: str, _relationship: str) -> None:
    page = open_questions(reference, email)
    for question in page.locator("fieldset.question").all():
        control = question.locator("input, textarea").first
        reference.go_to(control)
        if control.get_attribute("type") == "radio":
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
        else:
            page.keyboard.type("Reads the weather twice.")
    reference.go_to(page.get_by_role("button", name="Send my answers"))
    page.keyboard.press("Enter")
    be_thanked(reference, name)


def answer(question: Locator) -> None:
    """The second answer, or a sentence."""
    if choices := question.get_by_role("radio").all():
        choices[1].check()
    else:
        question.get_by_role("textbox").fill("Checks the lines twice.\nThen once more.")


def typed(page: Page) -> Any:
    return page.locator("form").evaluate("form => [...new FormData(form)].filter(([name]) => name.startsWith('q-'))")


def send(page: Page) -> None:
    page.get_by_role("button", name="Send my answers").tap()


def be_thanked(reference: Person, name: str) -> None:
    expect(reference.page.get_by_role("heading", level=1)).to_have_text(f"Thank you, {name.split()[0]}. It is sent.")
    reference.look()


# --- the recruiter --------------------------------------------------------------------------------------


def read_report(recruiter: Person, profile: Locator) -> None:
    """From the link on the profile, by way of a mailed sign-in link, straight to the report."""
    profile.get_by_role("link", name="/reports/").first.click()
    page = recruiter.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    recruiter.look()
    recruiter.check_accessibility()
    page.get_by_label("E-mail address").first.fill(RECRUITER)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    recruiter.look()
    recruiter.open_mail(RECRUITER, "Your link to sign in")
    page = recruiter.press_in_mail("Sign in")
    recruiter.look()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CANDIDATE)
    expect(page.get_by_text("Three people were asked and three answered")).to_be_visible()
    recruiter.look()
    recruiter.check_accessibility()


def see_on_desk(desk: Person, *, is_ready: bool) -> None:
    page = desk.open("/admin/")
    ready = page.get_by_role("region", name="Ready to read")
    expect(ready.get_by_role("link", name=CANDIDATE)).to_be_visible(visible=is_ready)
    desk.look()
    desk.check_accessibility()


def look_at_the_check(desk: Person) -> None:
    page = desk.open("/admin/checks/check/")
    desk.look()
    desk.check_accessibility()
    page.get_by_role("link", name=CANDIDATE).click()
    expect(page.get_by_role("region", name="What happened")).to_contain_text("Ruth Adeyemi")
    desk.look()
    desk.check_accessibility()
    page.get_by_role("link", name="Profile in Lever").click()
    expect(page.get_by_role("region", name=CANDIDATE)).to_be_visible()
