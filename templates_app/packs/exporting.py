"""An organization's surveys and templates as the text of a pack."""

from collections.abc import Iterable, Sequence
from typing import Any

import yaml
from django.db.models import prefetch_related_objects

from accounts.models import Organization
from templates_app.models import ReferenceTemplate, Survey
from templates_app.packs.comparing import by_moment, in_order
from templates_app.packs.fields import MESSAGE, QUESTION, REQUEST, SURVEY, TEMPLATE

HEADING = """\
# A question pack of Vouch: surveys and templates, one part for each organization.
# manage.py import_templates reads this file again. What is not said is as by default.
"""


def export(organizations: Iterable[Organization]) -> str:
    """The packs of these organizations, one after another. The same rows always give the same text.

    Templates that were archived are left out.
    """
    return _written([_whole(organization) for organization in organizations])


def export_template(template: ReferenceTemplate) -> str:
    """One template with its survey, as a pack."""
    return _written([_part(template.organization, [template.survey], [template])])


def _written(parts: Sequence[dict[str, Any]]) -> str:
    return HEADING + yaml.dump_all(parts, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def _whole(organization: Organization) -> dict[str, Any]:
    surveys = Survey.objects.filter(organization=organization).order_by("name")
    templates = ReferenceTemplate.objects.filter(organization=organization).in_use().in_order()
    return _part(organization, list(surveys), list(templates))


def _part(
    organization: Organization, surveys: Sequence[Survey], templates: Sequence[ReferenceTemplate]
) -> dict[str, Any]:
    prefetch_related_objects(surveys, "questions")
    prefetch_related_objects(templates, "survey", "requests", "notifications")
    return {
        "organization": organization.name,
        "surveys": [_survey(survey) for survey in surveys],
        "templates": [_template(template) for template in templates],
    }


def _survey(survey: Survey) -> dict[str, Any]:
    return SURVEY.unusual(survey) | {"questions": [QUESTION.unusual(each) for each in in_order(survey.questions)]}


def _template(template: ReferenceTemplate) -> dict[str, Any]:
    requests = [{"relationship": each.relationship} | REQUEST.unusual(each) for each in in_order(template.requests)]
    messages = [MESSAGE.unusual(each) for each in by_moment(template.notifications.all())]
    part = TEMPLATE.unusual(template) | {"survey": template.survey.name, "requests": requests}
    return part | ({"messages": messages} if messages else {})


class _Dumper(yaml.SafeDumper):
    """Lists stand under their word, and texts of several lines are written as they look."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


_SPACES = {0xA0: " ", 0x202F: " "}  # that do not break the line, as before the marks of a French sentence


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    lines = text.split("\n")
    style = "|" if len(lines) > 1 else None
    if not all(line.translate(_SPACES).isprintable() for line in lines):
        style = '"'  # in the other styles some breaks, such as U+0085, come back as another character
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
