from django import template

from checks import readership

register = template.Library()


@register.simple_tag(takes_context=True)
def may_change_readers(context: template.Context) -> bool:
    """Whether whoever looks at the report may say who else reads it."""
    return readership.may_change(context["request"].user, context["check"])
