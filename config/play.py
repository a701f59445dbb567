"""The main job, played by people who see only pages, mails and Lever: real HTTP from end to end."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

from config.demo import Demo, DemoFailed

CANDIDATE = "Marcus Webb"
REFERENCES = (
    ("Eileen Farrow", "e.farrow@solent-lines.example", "manager"),
    ("Bao Nguyen", "bao.nguyen@solent-lines.example", "peer"),
    ("Margit Larsen", "m.larsen@kestrel-line.example", "client"),
)
RECRUITER = "ruth@northmoor.example"


class Visitor:
    """A person with a browser: opens pages, fills in forms, presses buttons."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.url, self.page = "", BeautifulSoup("", "html.parser")

    def open(self, url: str) -> None:
        self._see(self.session.get(url, timeout=30))

    def submit(self, answer: Callable[[Tag], str | None], form_with: str = "") -> None:
        """Send the first form that has a field of this name; `answer` gives a field's value, None leaves it."""
        form = self._form(form_with)
        values: dict[str, str] = {}
        for item in form.select("input, select, textarea"):
            name, value = str(item.get("name", "")), _value(item, answer)
            if name and value is not None:
                values.setdefault(name, value)
        target = urljoin(self.url, str(form.get("action") or self.url))
        self._see(self.session.post(target, data=values, headers={"Referer": self.url}, timeout=30))

    def _form(self, form_with: str) -> Tag:
        for form in self.page.select("main form[method=post]"):
            if not form_with or form.select_one(f'[name="{form_with}"], [name$="-{form_with}"]'):
                return form
        raise DemoFailed(f"There is no form with “{form_with}” on {self.url}:\n{self.page.get_text()[:1000]}")

    def _see(self, response: requests.Response) -> None:
        if not response.ok:
            raise DemoFailed(f"{response.url} answered {response.status_code}")
        self.url, self.page = response.url, BeautifulSoup(response.text, "html.parser")

    @property
    def heading(self) -> str:
        heading = self.page.select_one("h1")
        return " ".join(heading.get_text().split()) if heading else ""


def _value(item: Tag, answer: Callable[[Tag], str | None]) -> str | None:
    kind = item.get("type", "")
    if kind in ("hidden",):
        return str(item.get("value", ""))
    if kind in ("submit", "button"):
        return None
    return answer(item)


@dataclass
class Play:
    """One run through the main job. `tell` hears each step as it is done; `watch` waits for each tag in Lever."""

    demo: Demo
    tell: Callable[[str], None]
    watch: bool = True
    candidate: str = CANDIDATE

    def run(self) -> None:
        self.ask()
        self.conclude()

    def ask(self) -> None:
        """From the recruiter's move to the last reference's answer."""
        self._recruiter_moves()
        self._candidate_names()
        for position, (name, email, _relationship) in enumerate(REFERENCES):
            self._reference_answers(position, name, email)

    def conclude(self) -> None:
        """What comes of it: Lever's side, and the report."""
        self._lever_shows_the_report()
        self._recruiter_reads()

    # --- steps --------------------------------------------------------------------------------------

    def _recruiter_moves(self) -> None:
        body = {"opportunity": self.opportunity()["id"], "to": "Reference check"}
        requests.post(f"{self.demo.lever}/sandbox/move", json=body, timeout=10).raise_for_status()
        self.tell(f"Recruiter moved {self.candidate} to “Reference check” in Lever")
        self._tag("Vouch - Candidate submitted")

    def _candidate_names(self) -> None:
        visitor = Visitor()
        visitor.open(self._link_to(self.opportunity()["emails"][0]))
        self.tell(f"{self.candidate} opened the link in the mail: “{visitor.heading}”")
        visitor.submit(_name_references(), "consent")
        self.tell(f"{self.candidate} agreed and named {len(REFERENCES)} references: “{visitor.heading}”")
        self._tag("Vouch - Awaiting references")

    def _reference_answers(self, position: int, name: str, email: str) -> None:
        visitor = Visitor()
        visitor.open(self._link_to(email, about=self.candidate))
        visitor.submit(_answer_survey(position))
        self.tell(f"{name} answered: “{visitor.heading}”")
        if position + 1 < len(REFERENCES):
            self._tag(f"Vouch - References {position + 1} of {len(REFERENCES)}")

    def _lever_shows_the_report(self) -> None:
        self._see_tag("Vouch - Completed")
        self.demo.until("Lever has the link and the note", lambda: self._report_link() and self._report_note())
        tags = [tag for tag in self.opportunity()["tags"] if tag.startswith("Vouch")]
        if tags != ["Vouch - Completed"]:
            raise DemoFailed(f"Lever shows the tags {tags} instead of one.")
        self.tell("Lever has the link to the report and a note with it")

    def _recruiter_reads(self) -> None:
        visitor = Visitor()
        visitor.open(self._report_link())
        earlier = len(self._mails_to(RECRUITER))
        visitor.submit(lambda item: RECRUITER if item.get("type") == "email" else None, "email")
        visitor.open(self._link_to(RECRUITER, earlier=earlier))
        visitor.submit(lambda item: None)
        if self.candidate not in visitor.heading:
            raise DemoFailed(f"The recruiter sees “{visitor.heading}” at {visitor.url} instead of the report.")
        self.tell(f"Recruiter opened the link in Lever, signed in by mail and read the report on {visitor.heading}")

    # --- what Lever and the mailbox show ------------------------------------------------------------

    def opportunity(self) -> dict[str, Any]:
        for found in self.demo.lever_state()["opportunities"]:
            if found["name"] == self.candidate:
                return dict(found)
        raise DemoFailed(f"The practice Lever does not know {self.candidate}.")

    def _tag(self, wanted: str) -> None:
        if self.watch:
            self._see_tag(wanted)

    def _see_tag(self, wanted: str) -> None:
        self.demo.until(f"Lever shows the tag “{wanted}”", lambda: wanted in self.opportunity()["tags"])
        self.tell(f"Lever shows the tag “{wanted}”")

    def _link_to(self, address: str, about: str = "", earlier: int = 0) -> str:
        """The first link in the newest mail to somebody, when there are more than `earlier` ones."""

        def newest() -> str | None:
            texts = self._mails_to(address, about)
            links = re.findall(r"^https?://\S+$", texts[0], re.MULTILINE) if len(texts) > earlier else []
            return links[0] if links else None

        link: str = self.demo.until(f"a mail to {address} arrives", newest)
        return link

    def _mails_to(self, address: str, about: str = "") -> list[str]:
        """Their texts, newest first."""
        return [mail["text"] for mail in self.demo.mails() if address in mail["to"] and about in mail["text"]]

    def _report_link(self) -> str:
        return next((link for link in self.opportunity()["links"] if "/reports/" in link), "")

    def _report_note(self) -> bool:
        link = self._report_link()
        return any(link in str(note) for note in self.opportunity()["notes"])


def _name_references() -> Callable[[Tag], str | None]:
    """Fills in the candidate's form: each field is told apart by the end of its name."""
    seen: dict[str, int] = {}

    def answer(item: Tag) -> str | None:
        part = re.split(r"[-_]", str(item.get("name", "")))[-1]
        name, email, relationship = REFERENCES[min(seen.get(part, 0), len(REFERENCES) - 1)]
        seen[part] = seen.get(part, 0) + 1
        known = {"name": name, "email": email, "relationship": relationship, "company": "Solent Lines"}
        known |= {"from": "2020-04", "until": "2023-09", "consent": "on"}
        return known.get(part)

    return answer


def _answer_survey(position: int) -> Callable[[Tag], str | None]:
    """Ticks an answer of each question, a different one for each reference, and writes a sentence in each text."""
    groups: dict[str, int] = {}

    def answer(item: Tag) -> str | None:
        name = str(item.get("name", ""))
        if not name.startswith("q-"):
            return _as_it_stands(item)  # what the candidate said of them is right
        if item.get("type") == "radio":
            groups[name] = groups.get(name, -1) + 1
            return str(item["value"]) if groups[name] == position % 2 else None
        if item.get("type") == "checkbox":
            return str(item["value"])
        if item.name == "textarea" or item.get("type") == "text":
            return "Checks the lines twice, then once more when the wind turns."
        return None

    return answer


def _as_it_stands(item: Tag) -> str | None:
    """What a browser sends of a field that nobody has touched."""
    chosen = item.select_one("option[selected]") if item.name == "select" else item
    return str(chosen.get("value", "")) if chosen and item.get("type") not in ("radio", "checkbox") else None


def stopwatch() -> Callable[[], float]:
    begun = time.monotonic()
    return lambda: time.monotonic() - begun
