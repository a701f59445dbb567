"""B3: a dry run shows every message before anything is sent."""

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from integrations.rehearsal import rehearse
from notifications.models import Message
from templates_app.matching import match
from templates_app.moments import Moment
from tests.factories import make_candidacy, make_organization, make_template

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("texts_on")]


def test_b3_a_dry_run_shows_every_message_of_every_moment_and_sends_none() -> None:
    organization = make_organization()
    staff: dict[str, Any] = {
        "tells_owner": True,
        "tells_hiring_manager": True,
        "hiring_manager_email": "sam@northmoor.example",
    }
    template = make_template(organization, ats_tag="deck", sends_texts=True, minimum=2, **staff)
    for moment in Moment:
        template.notifications.create(
            organization=organization, moment=moment, subject=f"It is {moment}", text="Words."
        )
    candidacy = make_candidacy(candidate_phone="+442079460018")
    played = rehearse(organization, candidacy, match(organization, ["deck"]), timezone.now())
    scenes = [*played.scenes, *(scene for turn in played.turns for scene in turn.scenes)]
    shown = [message for scene in scenes for message in scene.mails]
    assert {message.subject for message in shown if message.subject} == {f"It is {each}" for each in set(Moment)}
    assert "text message" in {message.how for message in shown}
    assert (mail.outbox, Message.objects.count()) == ([], 0)
