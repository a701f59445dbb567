"""By what Vouch knows its own again in Lever, and what it writes there about somebody's consent."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from integrations.lever.statuses import LONGEST_PREFIX
from notifications.addresses import address_of

if TYPE_CHECKING:
    from prospects.models import Prospect

# The tag of one who is no longer willing, by their state.
FAREWELLS = {"withdrawn": "Consent withdrawn", "ended": "Consent ended"}


def tag_of(prefix: str) -> str:
    """On every opportunity that Vouch made for a prospect. Tags are not translated: recruiters search for them."""
    return _tag(prefix, "Prospect")


def farewell_of(prefix: str, state: str) -> str:
    return _tag(prefix, FAREWELLS[state])


def farewells(prefix: str) -> list[str]:
    return [_tag(prefix, words) for words in FAREWELLS.values()]


def _tag(prefix: str, words: str) -> str:
    return f"{prefix[:LONGEST_PREFIX]} - {words}"


def link_of(prospect: "Prospect") -> str:
    """To their page here, which asks for sign-in. It finds them again in Lever when its answer was lost."""
    return address_of("prospect-record", prospect=prospect.public_id)


def consent_mark(prospect: "Prospect") -> str:
    """Consent that is given anew gets a note of its own."""
    return f"consent-{prospect.public_id.hex[:12]}-{prospect.agreed_at:%Y%m%d%H%M%S}"


def consent_note(prospect: "Prospect", prefix: str) -> str:
    lines = [
        _("They agreed to hear about jobs, on %(day)s, and confirmed it by e-mail on %(confirmed)s.")
        if prospect.source == "reference"
        else _("They agreed to hear about jobs, on %(day)s."),
        _("Until: %(until)s.") if prospect.ends_at else _("For %(months)d months."),
        _("About: %(topics)s.") if prospect.topics else "",
        _("Their words of consent: “%(text)s”"),
        _("They can end it at any time by the link in each mail from Vouch. At the desk, it is ended on their page:"),
        link_of(prospect),
    ]
    words = {
        "day": _day(prospect.agreed_at),
        "confirmed": _day(prospect.confirmed_at),
        "until": _day(prospect.ends_at),
        "months": prospect.months,
        "topics": prospect.topics,
        "text": prospect.consent_text.strip(),
    }
    return _signed("\n".join(line % words for line in lines if line), prefix, consent_mark(prospect))


def farewell_mark(prospect: "Prospect") -> str:
    return f"farewell-{prospect.public_id.hex[:12]}-{_over_at(prospect):%Y%m%d%H%M%S}"


def farewell_note(prospect: "Prospect", prefix: str) -> str:
    said = {
        "withdrawn": _("They withdrew their consent on %(day)s. Please do not write to them about jobs any more."),
        "ended": _("Their consent ended on %(day)s. Please do not write to them about jobs any more."),
    }
    words = said[prospect.state] % {"day": _day(_over_at(prospect))}
    return _signed(words, prefix, farewell_mark(prospect))


def _over_at(prospect: "Prospect") -> datetime:
    return prospect.withdrawn_at or prospect.ends_at or prospect.agreed_at


def _signed(text: str, prefix: str, mark: str) -> str:
    """The mark in the last line finds the note again when Lever's answer to writing it was lost."""
    return f"{text}\n({prefix} {mark})"


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else "–"
