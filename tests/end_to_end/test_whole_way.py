"""The whole way, by people with browsers, against all processes: nobody here knows more than a page tells.

It is walked twice, by the same steps and the same buttons: on telephones, and at desks where no script runs.
"""

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.checks.test_pdf import plain
from tests.end_to_end.people import DESK, PHONE, Person
from tests.faults.processes import add_person, tags

RECRUITER = "ruth@northmoor.example"
A_MINUTE = 60.0  # seconds
CODE = re.compile(r"\b\d{3} \d{3}\b")
LINE = "You saw me bring the ferry in through the storm of 2021."
HARMLESS = "All of them use the same make of telephone."
TEACHER, PEER, MANAGER, INSTEAD = "Eileen Farrow", "Bao Nguyen", "Margit Larsen", "Oskar Lund"

# Of each step: who it is, and what they do on the page before them.
Arrive = Callable[..., Person]


class Play:
    """One candidate and everybody who is asked about them, each with a browser of their own."""

    def __init__(self, arrive: Arrive, how: Mapping[str, Any], name: str, reader: str) -> None:
        self.arrive, self.how, self.name, self.first_name = arrive, how, name, name.split()[0]
        self.reader = reader
        self.email = f"{name.lower().replace(' ', '.')}@post.example"
        self.recruiter = self.comes()
        self.opportunity = add_person(self.recruiter.demo, name)

    def comes(self) -> Person:
        return self.arrive(self.how)

    def address_of(self, reference: str) -> str:
        """No two plays ask the same people."""
        return f"{reference.lower().replace(' ', '.')}@{self.first_name.lower()}s-ferries.example"

    def see_tag(self, tag: str) -> None:
        """One of ours at a time."""
        demo = self.recruiter.demo
        demo.until(f"Lever shows “{tag}”", lambda: tags(demo)[self.opportunity] == [f"Vouch - {tag}"])


@pytest.mark.parametrize(
    ("how", "name", "reader"),
    [
        (PHONE, "Ida Fossum", "mirjam@northmoor.example"),
        ({**DESK, "java_script_enabled": False}, "Karl Brandt", "jonas@northmoor.example"),
    ],
    ids=["telephone", "desk-without-script"],
)
def test_from_a_move_in_lever_to_a_shared_report(
    arrive: Arrive, how: Mapping[str, Any], name: str, reader: str, tmp_path: Path
) -> None:
    play = Play(arrive, how, name, reader)
    move_to_reference_check(play)
    candidate = play.comes()
    name_references(play, candidate)
    play.see_tag("Awaiting references")
    teacher = play.comes()
    answer_and_put_right(play, teacher)
    play.see_tag("References 1 of 3")
    decline(play)
    name_somebody_instead(play, candidate)
    answer(play, play.comes(), INSTEAD)
    play.see_tag("References 2 of 3")
    ask_to_be_called(play)
    ask_for_a_correction(play, candidate)
    settle_and_call(play)
    play.see_tag("Completed")

    hiring = play.comes()
    read_report_from_lever(play, hiring)
    clear_a_signal(hiring)
    save_pdf(play, hiring, tmp_path)
    share_and_stop(play, hiring)


# --- in Lever -------------------------------------------------------------------------------------------


def move_to_reference_check(play: Play) -> None:
    page = play.recruiter.page
    page.goto(play.recruiter.demo.lever)
    page.get_by_label(f"Move {play.name} to").select_option(label="Reference check")
    page.get_by_role("button", name=f"Move {play.name}").click()
    play.recruiter.look()
    play.see_tag("Candidate submitted")


# --- the candidate --------------------------------------------------------------------------------------


def name_references(play: Play, candidate: Person) -> None:
    """In two goes, with another kind of person in the place of one who is not there."""
    page = open_names(play, candidate)
    candidate.look()
    second = page.get_by_role("group", name="Second reference")
    fill_in(play, page.get_by_role("group", name="First reference"), MANAGER)
    second.get_by_text("I have nobody like this").click()
    second.get_by_label("I name somebody else").check()
    second.get_by_label("How do you know this person?").select_option("teacher")
    second.get_by_label("Why this person instead?").fill("We were two on the boat, and she taught me.")
    fill_in(play, second, TEACHER)
    second.get_by_label("A line to them").fill(LINE)
    page.get_by_role("button", name="Save and go on later").click()
    expect(page.get_by_role("status").filter(has_text="on any device")).to_be_visible()
    look_closely(candidate)

    page = open_names(play, candidate)
    expect(page.get_by_text("Here is what you typed")).to_be_visible()
    expect(page.get_by_role("group", name="Second reference").get_by_label("A line to them")).to_have_value(LINE)
    third = page.get_by_role("group", name="Third reference")
    fill_in(play, third, PEER)
    third.get_by_label("How do you know this person?").select_option("peer")
    press(page, "Send these three names")
    expect(page.get_by_role("heading", name="One thing to correct")).to_be_visible()
    look_closely(candidate)
    page.get_by_label("I agree").check()
    press(page, "Send these three names")
    expect(page.get_by_role("heading", level=1)).to_have_text("Three people are asked")
    candidate.look()


def open_names(play: Play, candidate: Person) -> Page:
    candidate.open_mail(play.email, "Your references")
    return candidate.press_in_mail("Name your references")


def fill_in(play: Play, person: Locator, name: str) -> None:
    person.get_by_label("Full name").fill(name)
    person.get_by_label("E-mail address").fill(play.address_of(name))
    person.get_by_label("Worked together from").fill("April 2020")
    person.get_by_text("Only if you like: where").click()
    person.get_by_label("Your title then").fill("Second Mate")


def name_somebody_instead(play: Play, candidate: Person) -> None:
    page = candidate.page
    page.reload()
    page.get_by_role("link", name=f"Name somebody else instead of {PEER}").click()
    candidate.look()
    fill_in(play, page.locator("fieldset.question"), INSTEAD)
    page.get_by_label("How do you know this person?").select_option("client")
    press(page, "Ask this person")
    expect(page.get_by_role("listitem").filter(has_text=INSTEAD)).to_be_visible()
    candidate.look()


def ask_for_a_correction(play: Play, candidate: Person) -> None:
    page = candidate.page
    page.get_by_role("link", name="What is held about you").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your data and your rights")
    candidate.look()
    page.get_by_text("Ask for a correction").click()
    page.get_by_label("What is wrong").fill("My name has changed since.")
    page.get_by_role("button", name="Send this request").first.click()
    expect(page.get_by_text("Not answered yet")).to_be_visible()
    look_closely(candidate)


# --- references -----------------------------------------------------------------------------------------


def open_questions(play: Play, reference: Person, name: str) -> Page:
    reference.open_mail(play.address_of(name), f"{play.name} asked you for a reference")
    page = reference.press_in_mail("Answer")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{play.first_name} at work, as you saw it")
    reference.look()
    return page


def answer_and_put_right(play: Play, teacher: Person) -> None:
    """Nothing that was typed is lost, and everything may be changed afterwards."""
    page = open_questions(play, teacher, TEACHER)
    page.get_by_text("Put something right").click()
    page.get_by_label(f"{play.first_name}’s title then").fill("Cadet")
    press(page, "Save what I put right")
    expect(page.get_by_text(f"{play.first_name} said: Second Mate")).to_be_visible()
    look_closely(teacher)
    *others, last = page.locator("fieldset.question").filter(has_not=page.locator("legend .optional")).all()
    for question in others:
        reply(question)
    before = typed(page)
    press(page, "Send my answers")
    expect(page.get_by_role("heading", name="One thing to correct")).to_be_visible()
    look_closely(teacher)
    assert typed(page) == before
    reply(last)
    press(page, "Send my answers")
    be_thanked(teacher, TEACHER)
    hear_of_jobs(teacher)
    change_an_answer(teacher)


def hear_of_jobs(teacher: Person) -> None:
    page = teacher.page
    box = page.get_by_label("may write to me about jobs")
    expect(box).not_to_be_checked()
    box.check()
    page.get_by_label("About what?").fill("Teaching")
    press(page, "Save my choice")
    expect(page.get_by_text("I wish to hear about: Teaching.")).to_be_visible()
    look_closely(teacher)


def change_an_answer(teacher: Person) -> None:
    page = teacher.page
    page.get_by_role("link", name="Read or change my answers").click()
    teacher.look()
    page.locator("fieldset.question").get_by_role("textbox").last.fill("Reads the weather twice.")
    press(page, "Save my answers")
    expect(page.get_by_text("You changed them on")).to_be_visible()
    page.get_by_role("link", name="What is held about you").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your data and your rights")
    expect(page.get_by_role("main")).to_contain_text("Reads the weather twice.")
    teacher.look()


def answer(play: Play, reference: Person, name: str) -> None:
    page = open_questions(play, reference, name)
    for question in page.locator("fieldset.question").all():
        reply(question)
    press(page, "Send my answers")
    be_thanked(reference, name)


def decline(play: Play) -> None:
    reference = play.comes()
    page = open_questions(play, reference, PEER)
    press(page, f"I do not know {play.first_name} well enough, or I would rather not")
    reference.look()
    page.get_by_label("I do not know their work well enough").check()
    press(page, "I give no reference")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"That is fine, {PEER.split()[0]}.")
    reference.look()


def ask_to_be_called(play: Play) -> None:
    reference = play.comes()
    page = open_questions(play, reference, MANAGER)
    press(page, "I would rather talk on the telephone")
    page.get_by_label("Your telephone number").fill("0044 20 7183 8750")
    page.get_by_label("When does it suit you?").fill("Weekdays after 4 pm")
    reference.look()
    press(page, "Please call me")
    expect(page.get_by_role("heading", level=1)).to_contain_text("We call you at +44 20 7183 8750")
    look_closely(reference)


def reply(question: Locator) -> None:
    """The second answer, or a sentence."""
    if choices := question.get_by_role("radio").all():
        choices[1].check()
    else:
        question.get_by_role("textbox").fill("Checks the lines twice.\nThen once more.")


def typed(page: Page) -> Any:
    return page.locator("#questions").evaluate(
        "form => [...new FormData(form)].filter(([name]) => name.startsWith('q-'))"
    )


def look_closely(person: Person) -> None:
    """At a page as it is only after something was sent; where no script runs it is the same one."""
    person.look()
    if person.how.get("java_script_enabled", True):
        person.check_accessibility()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).click()


def be_thanked(reference: Person, name: str) -> None:
    expect(reference.page.get_by_role("heading", level=1)).to_have_text(f"Thank you, {name.split()[0]}. It is sent.")
    reference.look()


# --- those who hire -------------------------------------------------------------------------------------


def settle_and_call(play: Play) -> None:
    """From the desk, which says what waits for a hand."""
    recruiter = play.recruiter
    page = recruiter.sign_in(RECRUITER)
    recruiter.look()
    page.goto(f"{recruiter.demo.site}/admin/checks/check/?{urlencode({'q': play.name})}")
    page.get_by_role("link", name=play.name).first.click()
    recruiter.look()
    page.get_by_role("link", name="Answer…").click()
    recruiter.look()
    page.get_by_label("Do it", exact=True).check()
    page.get_by_label("In your words").fill("It is put right.")
    press(page, "Send the answer")
    page.goto(f"{recruiter.demo.site}/admin/")
    page.get_by_role("listitem").filter(has_text=MANAGER).get_by_role("link", name="Call, and write it down").click()
    recruiter.look()
    expect(page.get_by_role("main")).to_contain_text("Weekdays after 4 pm")
    for question in page.locator("fieldset.question").all():
        reply(question)
    press(page, f"Send what {MANAGER} said")
    expect(page.get_by_role("status")).to_contain_text("written down and sent")
    recruiter.look()


def read_report_from_lever(play: Play, reader: Person) -> None:
    """From the link on the profile, by way of a mailed sign-in link, straight to the report; within a minute."""
    page = reader.page
    page.goto(f"{reader.demo.lever}/?person={play.opportunity}#profile")
    began = time.monotonic()
    page.get_by_role("link", name="/reports/").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    reader.look()
    page.get_by_label("E-mail address").first.fill(play.reader)
    press(page, "Send me a link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    reader.open_mail(play.reader, "Your link to sign in")
    page = reader.press_in_mail("Sign in")
    reader.look()
    press(page, "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text(play.name)
    assert time.monotonic() - began < A_MINUTE
    expect(page.get_by_text("Three people were asked and three answered")).to_be_visible()
    reader.look()


def clear_a_signal(reader: Person) -> None:
    page = reader.page
    page.get_by_role("link", name="Clear this").first.click()
    reader.look()
    page.get_by_label("What did you find out?").fill(HARMLESS)
    press(page, "Clear it")
    expect(page.get_by_text("Cleared by").filter(has_text=HARMLESS).first).to_be_visible()
    reader.look()


def save_pdf(play: Play, reader: Person, folder: Path) -> None:
    """A real one. What its outline lists is not hidden among the letters' shapes."""
    with reader.page.expect_download() as saving:
        reader.page.get_by_role("link", name="PDF").click()
    saving.value.save_as(folder / "report.pdf")
    content = plain((folder / "report.pdf").read_bytes())
    assert content.startswith(b"%PDF-")
    for name in (play.name, MANAGER, TEACHER, INSTEAD):
        assert f"/Title ({name})".encode() in content, name


def share_and_stop(play: Play, reader: Person) -> None:
    page, friend = reader.page, play.comes()
    address = play.address_of("Lena Holm")
    page.get_by_role("link", name="Share").click()
    page.get_by_label("Name").fill("Lena Holm")
    page.get_by_label("E-mail").fill(address)
    reader.look()
    press(page, "Send the link")
    expect(page.get_by_role("status")).to_contain_text(f"The link is on its way to {address}")
    reader.look()
    read_shared(play, friend, address)

    press(page, "Stop sharing")
    expect(page.get_by_role("status")).to_contain_text("cannot read the report any more")
    reader.look()
    friend.page.reload()
    expect(friend.page.get_by_role("heading", level=1)).to_have_text("This link has run out")
    (gone,) = friend.troubles  # a 404, which is as it should be
    assert "404" in gone
    friend.troubles.clear()


def read_shared(play: Play, friend: Person, address: str) -> None:
    """With the link and, on the page behind it, the code from another mail."""
    friend.open_mail(address, "shared a reference report with you")
    page = door = friend.press_in_mail("Read the report")
    friend.look()
    press(page, "Send me the code")
    friend.look()
    friend.page = friend.context.new_page()
    friend.open_mail(address, "Your code for the reference report")
    code = friend.page.locator(".mail-text").get_by_text(CODE).text_content() or ""
    friend.page = door
    page.get_by_label("The six figures in the mail").fill(re.findall(CODE, code)[0])
    press(page, "Read the report")
    expect(page.get_by_role("heading", level=1)).to_have_text(play.name)
    expect(page.get_by_text("Reads the weather twice.")).to_be_visible()
    friend.look()
