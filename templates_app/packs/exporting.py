"""An organization's surveys and templates as the text of a pack."""

from collections.abc import Iterable
from typing import Any

import yaml

from accounts.models import Organization
from templates_app.models import ReferenceTemplate, Survey
from templates_app.packs.comparing import questions_of
from templates_app.packs.fields import QUESTION, REQUEST, SURVEY, TEMPLATE

HEADING = """\
# A question pack of Vouch: surveys and templates, one part for each organization.
# manage.py import_templates reads this file again. What is not said is as by default.
"""


def export(organizations: Iterable[Organization]) -> str:
    """The packs of these organizations, one after another. The same rows always give the same text."""
    parts = [_part(organization) for organization in organizations]
    text = yaml.dump_all(parts, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return HEADING + text


def _part(organization: Organization) -> dict[str, Any]:
    surveys = Survey.objects.filter(organization=organization).order_by("name")
    templates = ReferenceTemplate.objects.filter(organization=organization).select_related("survey").in_order()
    return {
        "organization": organization.name,
        "surveys": [_survey(survey) for survey in surveys],
        "templates": [_template(template) for template in templates],
    }


def _survey(survey: Survey) -> dict[str, Any]:
    questions = [QUESTION.unusual(question) for question in questions_of(survey)]
    return SURVEY.unusual(survey) | {"questions": questions}


def _template(template: ReferenceTemplate) -> dict[str, Any]:
    requests = template.requests.order_by("position", "pk")
    return TEMPLATE.unusual(template) | {
        "survey": template.survey.name,
        "requests": [{"relationship": each.relationship} | REQUEST.unusual(each) for each in requests],
    }


class _Dumper(yaml.SafeDumper):
    """Lists stand under their word, and texts of several lines are written as they look."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    lines = text.split("\n")
    style = "|" if len(lines) > 1 else None
    if not all(line.isprintable() for line in lines):
        style = '"'  # in the other styles some breaks, such as U+0085, come back as another character
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
