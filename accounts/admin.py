from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from accounts.admin_lists import choice_filter, state
from accounts.admin_pages import OnePerOrganization
from accounts.admin_verbs import verb
from accounts.forms import OrganizationForm
from accounts.logos import size_of
from accounts.models import Authenticator, Organization, User
from accounts.roles import Role
from accounts.scoped_admin import ScopedAdmin, reader

admin.site.unregister(Group)  # what one may do comes from the role; there are no groups to keep in step


def _has_app(user: User) -> bool:
    """As joined to the list's rows: the menu of each asks."""
    found: Authenticator | None = getattr(user, "authenticator", None)
    return found is not None and found.confirmed_at is not None


@admin.register(User)
class UserAdmin(ScopedAdmin):
    about = _("Who signs in here, with a link that we mail. Lever’s own users come by themselves.")
    list_display = ("person", "email", "role", "may_sign_in")
    list_filter = (
        choice_filter("role", _("role"), Role.choices),
        choice_filter("is_active", _("signs in"), (("1", _("may sign in")), ("0", _("may not")))),
    )
    search_fields = ("name", "email")
    search_help_text = _("Name or address")
    ordering = ("name", "email")
    verbs = ("forget_app",)
    list_select_related = ("authenticator",)
    fieldsets = (
        (
            _("Person"),
            {"fields": ["name", "email"], "description": _("The address is where the links to sign in go.")},
        ),
        (
            _("What they may do"),
            {
                "fields": ["role", "is_active"],
                "description": _("The roles are the same as in Lever. Super admins set up, admins see the set-up."),
            },
        ),
    )

    @verb(
        _("Switch off their second code"),
        says=_(
            "For somebody who has lost both the phone and the codes on paper. Be sure that it is they who ask: from "
            "then on their mailed link or password lets them in alone."
        ),
        when=_has_app,
        asks=True,
    )
    def forget_app(self, request: HttpRequest, user: User, now: datetime) -> str | None:
        if user.pk == request.user.pk:
            messages.error(request, say("Your own is switched off on your page about signing in, with a code."))
            return ""
        Authenticator.forget(user)
        return say("Signing in asks %(name)s for no second code any more.") % {"name": user}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Staff never see the operator, who may well belong to their organization."""
        rows = super().get_queryset(request)
        return rows if reader(request).is_operator else rows.filter(is_superuser=False)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody locks themselves out, or lifts themselves up."""
        return ("role", "is_active") if obj and obj.pk == request.user.pk else ()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.email = obj.email.strip().lower()
        if "is_active" in form.changed_data and not obj.is_active:
            obj.is_from_lever = False  # from now on this is decided here, and Lever's list does not undo it
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    @admin.display(description=_("name"))
    def person(self, user: User) -> str:
        return str(user)

    @admin.display(description=_("signs in"))
    def may_sign_in(self, user: User) -> SafeString:
        return state("done", _("May sign in")) if user.is_active else state("stopped", _("May not"))


@admin.register(Organization)
class OrganizationAdmin(OnePerOrganization):
    form = OrganizationForm
    about = _("The companies that hire with this installation. Nobody sees another’s rows.")
    list_display = ("name", "band", "contact_name")
    search_fields = ("name",)
    ordering = ("name",)
    fieldsets = (
        (
            _("What others see"),
            {
                "fields": ["name", "colour", "logo_now", "new_logo", "takes_logo_off"],
                "description": _("Candidates and references see them, on pages and in mails."),
            },
        ),
        (
            _("Who answers"),
            {
                "fields": ["contact_name", ("contact_email", "contact_phone"), "postal_address"],
                "description": _("A person whom candidates and references can ask."),
            },
        ),
        (
            _("What is done with data"),
            {
                "fields": ["keeps_months", "lawful_basis", ("privacy_url", "privacy_email")],
                "description": _("Candidates and references read it on their pages, before they enter anything."),
            },
        ),
        (
            _("How it ended"),
            {
                "fields": ["asks_outcome_after", "looks_back_after"],
                "description": _(
                    "Whether the candidate was hired, and has stayed, tells which questions are worth asking."
                ),
            },
        ),
        (
            _("When people are reminded"),
            {
                "fields": ["time_zone"],
                "description": _("Reminders go out in office hours: in the reader’s own zone, where we know it."),
            },
        ),
    )
    readonly_fields = ("logo_now",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "colour":
            kwargs["widget"] = forms.TextInput(attrs={"type": "color", "class": "colour"})
        if db_field.name == "privacy_url":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everything of an organization hangs on it: too much for a button."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Organization | None = None) -> Any:
        """Without a logo there is none to show, and none to take off; and who only looks brings no other."""
        without = set() if obj and obj.logo else {"logo_now", "takes_logo_off"}
        if not (self.has_change_permission(request, obj) if obj else self.has_add_permission(request)):
            without |= {"new_logo", "takes_logo_off"}
        return [
            (name, {**part, "fields": [each for each in part["fields"] if each not in without]})
            for name, part in super().get_fieldsets(request, obj)
        ]

    @admin.display(description=_("logo"))
    def logo_now(self, organization: Organization) -> SafeString:
        width, height = size_of(bytes(organization.logo or b""))
        words = '<img src="{}" width="{}" height="{}" alt="{}">'
        address = reverse("logo", args=[organization.pk, organization.logo_version])
        return format_html(words, address, width, height, organization.name)

    @admin.display(description=_("colour"))
    def band(self, organization: Organization) -> SafeString:
        return format_html("<code>{}</code>", organization.colour)
