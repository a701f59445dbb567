"""Ways from a sentence to the page it speaks of: a link for whoever may open it, words for everybody else."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from integrations.models import Connection


@dataclass(frozen=True)
class Way:
    """`permission` is what one needs to open the page; with `own` it is about the organization's connection."""

    label: str | Promise
    page: str  # an address of the portal, by name
    permission: str = ""
    own: bool = False
    outside: bool = False  # its address has no place among Django's admin pages


CONNECTION = "integrations_connection"
SEE_CONNECTION = "integrations.view_connection"
CHANGE_CONNECTION = "integrations.change_connection"
WAYS = {
    "desk": Way(_("the desk"), "index"),
    "connections": Way(_("Organization settings, Connections"), f"{CONNECTION}_changelist", SEE_CONNECTION),
    "lever": Way(_("the Lever page"), f"{CONNECTION}_change", SEE_CONNECTION, own=True),
    "doctor": Way(_("the doctor"), f"{CONNECTION}_doctor", SEE_CONNECTION, own=True),
    "jobs": Way(_("Which template would each open job get?"), f"{CONNECTION}_jobs", SEE_CONNECTION, own=True),
    "dry_run": Way(_("the dry run"), f"{CONNECTION}_dry_run", SEE_CONNECTION, own=True),
    "deliveries": Way(_("Deliveries"), "integrations_delivery_changelist", "integrations.view_delivery"),
    "templates": Way(
        _("Templates"), "templates_app_referencetemplate_changelist", "templates_app.view_referencetemplate"
    ),
    "new_template": Way(
        _("Create new template"), "templates_app_referencetemplate_add", "templates_app.add_referencetemplate"
    ),
    "surveys": Way(_("Surveys"), "templates_app_survey_changelist", "templates_app.view_survey"),
    "words": Way(
        _("Messages in own words"),
        "templates_app_customnotification_changelist",
        "templates_app.view_customnotification",
    ),
    "import": Way(
        _("Import, or choose from the packs of Vouch"),
        "templates_app_referencetemplate_import",
        "templates_app.add_referencetemplate",
    ),
    "checks": Way(_("Checks"), "checks_check_changelist", "checks.view_check"),
    "numbers": Way(_("Numbers over time"), "numbers"),
    "prospects": Way(_("Prospects"), "prospects_prospect_changelist", "prospects.view_prospect"),
    "export": Way(_("The export to Lever"), "prospects_prospect_export", "prospects.view_prospect"),
    "import_prospects": Way(_("Import from a file"), "prospects_prospect_import", "prospects.change_prospect"),
    "organization": Way(_("Organization settings"), "accounts_organization_changelist", "accounts.view_organization"),
    "security": Way(_("Signing in"), "security", outside=True),
    "people": Way(_("Organization settings, People"), "accounts_user_changelist", "accounts.view_user"),
}


class Ways(dict[str, SafeString]):
    """They for one person, by name, as HTML; each is found out when a page asks for it."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.user = user

    def __missing__(self, name: str) -> SafeString:
        self[name] = self._html(WAYS[name])
        return self[name]

    def _html(self, way: Way) -> SafeString:
        if way.permission and not self.user.has_perm(way.permission):
            return format_html("<b>{}</b>", way.label)
        page, args = (way.page, []) if not way.own else self._to_own(way.page)
        name = page if way.outside else f"admin:{page}"
        return format_html('<a href="{}">{}</a>', reverse(name, args=args), way.label)

    def _to_own(self, page: str) -> tuple[str, list[int]]:
        """Where there is no connection yet, or more than one, the list comes first."""
        return (page, self._connections) if len(self._connections) == 1 else (f"{CONNECTION}_changelist", [])

    @cached_property
    def _connections(self) -> list[int]:
        return list(Connection.objects.visible_to(self.user).order_by("pk").values_list("pk", flat=True)[:2])
