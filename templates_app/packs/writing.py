"""The rows below a survey or template, made what the file says. They have a history: one that stays is not touched."""

from collections.abc import Sequence

from templates_app.models import CustomNotification, Question, ReferenceTemplate, RequestedReference, Survey
from templates_app.packs.comparing import in_order
from templates_app.packs.fields import MESSAGE, QUESTION, REQUEST


def write_questions(survey: Survey, packed: Sequence[Question]) -> None:
    here = {question.key: question for question in survey.questions.all()}
    for position, new in enumerate(packed, start=1):
        question = here.pop(new.key, None) or Question(survey=survey)
        was = (question.position, QUESTION.values(question))
        QUESTION.copy(new, question)
        question.position = position
        if question._state.adding or was != (position, QUESTION.values(question)):
            question.save()
    for gone in here.values():
        gone.delete()


def write_requests(template: ReferenceTemplate, packed: Sequence[RequestedReference]) -> None:
    here = in_order(template.requests)
    if [REQUEST.values(each) for each in here] == [REQUEST.values(each) for each in packed]:
        return
    for gone in here:
        gone.delete()
    for position, request in enumerate(packed, start=1):
        request.template, request.position = template, position
        request.save()


def write_messages(template: ReferenceTemplate, packed: Sequence[CustomNotification]) -> None:
    here = {_at(message): message for message in template.notifications.all()}
    for new in packed:
        own = here.pop(_at(new), None) or CustomNotification(
            organization_id=template.organization_id, template=template
        )
        was = MESSAGE.values(own)
        MESSAGE.copy(new, own)
        if own._state.adding or MESSAGE.values(own) != was:
            own.save()
    for gone in here.values():
        gone.delete()


def _at(message: CustomNotification) -> tuple[str, str, str]:
    return message.moment, message.channel, message.language
