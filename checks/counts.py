"""Parts of the report's page: what people chose and wrote, with who they are, and what was asked after it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from checks import drawing, wording
from checks.findings import After, Report, Said, Tally, Words
from templates_app.kinds import Kind


@dataclass(frozen=True)
class Quote:
    """What one person wrote, and who that is; `choice` is the answer that it explains."""

    text: str
    who: str
    choice: str = ""


@dataclass(frozen=True)
class Count:
    """One of several answers: how many chose it, in dots and in words, and who."""

    answer: str
    count: str
    dots: SafeString
    who: str


@dataclass(frozen=True)
class Followed:
    """A follow-up in words: which answers led to it, and what was written."""

    question: str
    after: str
    quotes: list[Quote]
    left_out: int = 0  # texts that would tell who wrote them


@dataclass(frozen=True)
class Theme:
    """What was written about one competency, or in one section; without a name where the survey has neither."""

    name: str
    asked: list[Followed]


@dataclass(frozen=True)
class Counted:
    """A question with the counts of its answers, the reasons that were given, and what was asked after it.

    `own` is the candidate's answer about themselves, `after` what led to the question where it is a follow-up.
    """

    question: str
    counts: list[Count]
    reasons: list[Quote]
    own: str = ""
    after: str = ""
    several: bool = False
    tallies: tuple["Counted", ...] = ()
    words: tuple[Followed, ...] = ()


def quotes(shown: Report, said: Iterable[Said]) -> list[Quote]:
    return [Quote(one.text.strip(), _who(shown, one), answer_of(one)) for one in said]


def _who(shown: Report, said: Said) -> str:
    return wording.with_relation(shown.person(said.person)) if said.person else _("One of the references")


def answer_of(said: Said) -> str:
    return ", ".join(map(wording.answer, filter(None, (said.choice, *said.choices))))


def _led_here(found: After | None) -> str:
    return wording.after(found) if found else ""


def words(shown: Report, name: str) -> list[Theme]:
    """What stands by itself, and what the candidate wrote about themselves; `name` is the candidate's first name."""
    themes: dict[str, list[Followed]] = {}
    for each in shown.words:
        if (each.said or each.own) and stands_alone(shown, each):
            themes.setdefault(each.theme, []).append(_followed(shown, each, name))
    return [Theme(theme, asked) for theme, asked in themes.items()]


def _followed(shown: Report, words: Words, name: str) -> Followed:
    return Followed(
        words.question, _led_here(words.after), [*quotes(shown, words.said), *_own(words, name)], words.left_out
    )


def _own(words: Words, name: str) -> list[Quote]:
    return [Quote(words.own.text.strip(), _("%(name)s, own view") % {"name": name})] if words.own else []


def standing_alone(shown: Report, tallies: Iterable[Tally], name: str) -> list[Counted]:
    """Those that somebody answered, and that stand below no other."""
    return [counted(shown, each, name) for each in tallies if each.everybody and stands_alone(shown, each)]


def counted(shown: Report, tally: Tally, name: str) -> Counted:
    """`name` is the candidate's first name."""
    everybody = tally.everybody
    counts = [
        Count(
            answer=wording.answer(option),
            count=wording.of_people(tally.count(option), everybody),
            dots=drawing.people(tally.count(option), everybody),
            who="; ".join(wording.with_relation(shown.person(s.person)) for s in tally.said if s.chose(option)),
        )
        for option in tally.options
    ]
    followers = [each for each in (*shown.yes_no, *shown.choices) if _follows(each, tally) and each.everybody]
    return Counted(
        tally.question,
        counts,
        quotes(shown, (said for said in tally.said if said.text.strip())),
        own=answer_of(tally.own) if tally.own else "",
        after=_led_here(tally.after),
        several=tally.kind == Kind.CHOICES,
        tallies=tuple(counted(shown, each, name) for each in followers),
        words=tuple(
            _followed(shown, each, name) for each in shown.words if _follows(each, tally) and (each.said or each.own)
        ),
    )


def _follows(later: Tally | Words, earlier: Tally) -> bool:
    return later.after is not None and later.after.key == earlier.key


def stands_alone(shown: Report, finding: Tally | Words) -> bool:
    """Not shown below the question that it follows: that is a scale, say."""
    return not any(tally.everybody and _follows(finding, tally) for tally in (*shown.yes_no, *shown.choices))
