"""The four roles of an organization, the same as in Lever, and what each may do in the portal: one table."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    SUPER_ADMIN = "super admin", _("super admin")
    ADMIN = "admin", _("admin")
    TEAM_MEMBER = "team member", _("team member")
    LIMITED = "limited team member", _("limited team member")

    @classmethod
    def from_lever(cls, role: str) -> "Role":
        """Lever's own word for a role; interviewers and customers' own roles see the least."""
        return cls(role) if role in cls.values else cls.LIMITED


SEE = frozenset({"view"})
EDIT = frozenset({"view", "add", "change"})
ALL = frozenset({"view", "add", "change", "delete"})
ERASE = frozenset({"erase"})  # the personal data in a row; the row stays
NOTHING: frozenset[str] = frozenset()

# model -> what a super admin, an admin, a team member and a limited team member may do with it.
# What is not here, nobody but the operator touches.
_MAY: dict[str, tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]] = {
    "accounts.organization": (EDIT - {"add"}, SEE, NOTHING, NOTHING),
    "accounts.user": (EDIT, SEE, NOTHING, NOTHING),
    "notifications.message": (EDIT - {"add"}, EDIT - {"add"}, EDIT - {"add"}, NOTHING),  # to send one again
    "templates_app.survey": (ALL, ALL, SEE, NOTHING),
    "templates_app.question": (ALL, ALL, SEE, NOTHING),
    "templates_app.surveyversion": (SEE, SEE, SEE, NOTHING),
    "templates_app.customnotification": (ALL, ALL, SEE, NOTHING),
    "templates_app.referencetemplate": (ALL, ALL, SEE, NOTHING),
    "templates_app.requestedreference": (ALL, ALL, SEE, NOTHING),
    "checks.check": (EDIT - {"add"} | ERASE, EDIT - {"add"} | ERASE, EDIT - {"add"}, SEE),
    "checks.reference": (SEE, SEE, SEE, SEE),
    "prospects.prospect": (EDIT - {"add"}, EDIT - {"add"}, SEE, NOTHING),
    "integrations.connection": (ALL, SEE, NOTHING, NOTHING),
    "integrations.webhooktoken": (ALL, NOTHING, NOTHING, NOTHING),
    "integrations.delivery": (EDIT - {"add"}, SEE, NOTHING, NOTHING),
    "integrations.action": (EDIT - {"add"}, SEE, NOTHING, NOTHING),
}
_ROLES = (Role.SUPER_ADMIN, Role.ADMIN, Role.TEAM_MEMBER, Role.LIMITED)


def may(role: str, verb: str, model: str) -> bool:
    """`may("admin", "change", "checks.check")`; unknown roles, verbs and models may nothing."""
    row = _MAY.get(model)
    return row is not None and role in _ROLES and verb in row[_ROLES.index(Role(role))]


def may_any(role: str, app_label: str) -> bool:
    """Whether a role sees anything at all of an app."""
    return any(may(role, "view", model) for model in _MAY if model.startswith(f"{app_label}."))
