"""Own words of a template, in a pack."""

import pytest

from templates_app.models import CustomNotification
from templates_app.packs import compare, export, load
from tests.templates_app.packs import SOUND, refusal

pytestmark = pytest.mark.django_db

OWN = (
    SOUND
    + """\
    messages:
      - moment: reference-reminder
        language: de
        subject: Ihre Auskunft über {candidate}
        text: |-
          Guten Tag,

          {link}
      - moment: reference-reminder
        channel: text
        text: "{candidate} waits: {link}"
"""
)


def test_they_are_kept_by_moment_channel_and_language() -> None:
    load(OWN.encode())

    found = CustomNotification.objects.order_by("channel").values_list("moment", "channel", "language")
    assert list(found) == [("reference-reminder", "email", "de"), ("reference-reminder", "text", "en")]
    message = CustomNotification.objects.get(channel="email")
    assert message.text == "Guten Tag,\n\n{link}"
    assert message.organization == message.template.organization


def test_they_are_written_out_and_are_the_same_then() -> None:
    load(OWN.encode())
    organization = CustomNotification.objects.first().organization

    assert compare(export([organization]).encode()).is_all_here


def test_those_that_the_file_has_no_more_are_gone_with_replace() -> None:
    load(OWN.encode())

    load(SOUND.encode(), replace=True)

    assert not CustomNotification.objects.exists()


def test_one_that_stays_is_the_same_row() -> None:
    load(OWN.encode())
    before = CustomNotification.objects.get(channel="text").pk

    load(OWN.replace("Guten Tag", "Grüezi").encode(), replace=True)

    assert CustomNotification.objects.get(channel="text").pk == before
    assert CustomNotification.objects.get(channel="email").text.startswith("Grüezi")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{candidate} waits", "{candidte} waits", "33: text: {candidte} is no field here. Did you mean {candidate}?"),
        (
            "moment: reference-reminder\n        channel",
            "moment: reminder\n        channel",
            "31: moment: “reminder” is",
        ),
        ("{candidate} waits: {link}", "Waiting.", "33: text: A text message needs {link}"),
        ("channel: text", "channel: email", "31: subject: An e-mail needs"),
        ("        subject: Ihre Auskunft über {candidate}\n", "", "24: subject: An e-mail needs a subject."),
        ("channel: text", "language: de\n        subject: Again", "31: moment: line 24 has words for it already"),
    ],
)
def test_mistakes_are_told_by_line(old: str, new: str, reason: str) -> None:
    assert OWN.count(old) == 1

    assert reason in [found[: len(reason)] for found in refusal(OWN.replace(old, new))]
