import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import available_timezones

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.encryption import digest, new_token
from accounts.limits import Allowance
from accounts.querysets import OrganizationQuerySet
from accounts.roles import Role
from accounts.second_factor import Authenticator, RecoveryCode
from accounts.sign_ins import SignedIn

__all__ = ["Allowance", "Authenticator", "Organization", "RecoveryCode", "SignInLink", "SignedIn", "User"]


def is_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone of this name. They look like Europe/London."))


class OrganizationOwnQuerySet(OrganizationQuerySet["Organization"]):
    to_organization = "pk"


class LawfulBasis(models.TextChoices):
    """Why the law lets an organization ask people about a candidate (GDPR, Article 6)."""

    INTEREST = "interest", _("legitimate interests")
    OBLIGATION = "obligation", _("a legal obligation")
    CONSENT = "consent", _("the candidate’s and the reference’s consent")


class Organization(models.Model):
    """A company that hires. Every row in Vouch belongs to one, and nobody sees another's."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#14565f",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write the colour as # and six digits, such as #14565f."))],
        help_text=_("The band at the top of the pages and mails that candidates and references see."),
    )
    contact_name = models.CharField(
        _("contact person"),
        max_length=120,
        blank=True,
        help_text=_("Who answers when a candidate or reference asks."),
    )
    contact_email = models.EmailField(_("contact’s e-mail"), blank=True, help_text=_("Answers to our mails reach it."))
    contact_phone = models.CharField(_("contact’s telephone"), max_length=40, blank=True)
    postal_address = models.CharField(_("postal address"), max_length=200, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        default="UTC",
        validators=[is_time_zone],
        help_text=_("Where it is daytime for people whose own time zone we do not know, such as Europe/London."),
    )
    keeps_months = models.PositiveSmallIntegerField(
        _("kept for"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_(
            "Months after a check has ended. Then its personal data is erased by itself. Empty: it stays until "
            "somebody erases it, and that is what candidates and references are told."
        ),
    )
    asks_outcome_after = models.PositiveSmallIntegerField(
        _("asks how it ended after"),
        null=True,
        blank=True,
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_(
            "Days after a check was completed. Where Lever does not say by then, the owner gets an e-mail. Empty: "
            "nobody is asked."
        ),
    )
    looks_back_after = models.PositiveSmallIntegerField(
        _("looks back after"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_(
            "Months after somebody was hired: the day on which you look whether they are still employed. It shows "
            "which questions foretold it. Empty: you do not look."
        ),
    )
    lawful_basis = models.CharField(
        _("lawful basis"),
        max_length=12,
        choices=LawfulBasis,
        default=LawfulBasis.INTEREST,
        help_text=_("Why the law lets you ask references. They are told."),
    )
    privacy_url = models.URLField(
        _("privacy notice"), blank=True, help_text=_("The address of your own. Candidates and references get a link.")
    )
    privacy_email = models.EmailField(
        _("data protection contact"), blank=True, help_text=_("Empty: the contact person’s address.")
    )
    logo = models.BinaryField(_("logo"), null=True, editable=False)  # PNG, made from what was uploaded
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = OrganizationOwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        return self.name

    @property
    def logo_version(self) -> str:
        """What stands in the logo's address, which another logo does not share; empty without one."""
        return hashlib.sha256(bytes(self.logo)).hexdigest()[:16] if self.logo else ""

    @property
    def on_colour(self) -> str:
        """Black or white, whichever can be read on the colour (WCAG luminance; never under 4.5:1)."""
        channels = [int(self.colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        return "#000000" if luminance > 0.179 else "#ffffff"


class UserQuerySet(OrganizationQuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Any) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def active(self) -> UserQuerySet:
        return self.get_queryset().active()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """The operator: runs the installation, belongs to no organization."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def lock_out_who_left_lever(self, organization: Organization, staying: Collection[str]) -> int:
        """Nobody who came from Lever signs in here when Lever no longer names their address; how many that were."""
        rows = self.active().filter(organization=organization, is_from_lever=True)
        return rows.exclude(email__in={email.strip().lower() for email in staying}).update(is_active=False)

    def take_from_lever(self, organization: Organization, email: str, name: str, role: str, active: bool) -> None:
        """Let a Lever user sign in here with a mailed link.

        Somebody who has an account already keeps role and name as set in Vouch; who left Lever leaves Vouch. Whom a
        super admin has shut out does not come back this way (see `UserAdmin.save_model`).
        An address that another organization uses is left alone.
        """
        known = self.filter(email__iexact=email).first()
        if known is None and active:
            self.create_user(
                email,
                organization=organization,
                name=name[:120],
                role=Role.from_lever(role),
                is_from_lever=True,
            )
        elif known and known.is_from_lever and known.organization_id == organization.pk and known.is_active != active:
            known.is_active = active
            known.save(update_fields=["is_active"])


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in: staff of one organization in one of four roles, or the operator of the installation."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="users",
        verbose_name=_("organization"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.TEAM_MEMBER)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_from_lever = models.BooleanField(_("came from Lever"), default=False, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_once"),
            models.CheckConstraint(
                condition=models.Q(is_superuser=True) | models.Q(organization__isnull=False),
                name="accounts_user_has_an_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_operator(self) -> bool:
        return self.is_superuser

    @property
    def is_staff(self) -> bool:
        """Everybody who has an account may open the portal; what is in it depends on the role."""
        return True

    @property
    def is_limited(self) -> bool:
        return not self.is_superuser and self.role == Role.LIMITED

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] or self.email


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    def usable(self, now: datetime) -> Self:
        return self.filter(used_at=None, expires_at__gt=now, user__is_active=True)

    def issued_since(self, then: datetime) -> Self:
        return self.filter(created_at__gte=then)


class SignInLink(models.Model):
    """A mailed link that signs a person in once. Only the hash of its token is kept."""

    LIFETIME = timedelta(minutes=20)
    PER_HOUR = 5

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    next_url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = SignInLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "created_at"])]

    def __str__(self) -> str:
        return f"sign-in link {self.pk}"

    @classmethod
    def issue(cls, user: User, next_url: str, now: datetime) -> str | None:
        """A new link's token, or None when this person has asked for too many within the hour."""
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            if cls.objects.filter(user=user).issued_since(now - timedelta(hours=1)).count() >= cls.PER_HOUR:
                return None
            token = new_token()
            cls.objects.create(
                user=user,
                token_hash=digest(token),
                next_url=next_url[:500],
                created_at=now,
                expires_at=now + cls.LIFETIME,
            )
        return token

    @classmethod
    def find(cls, token: str, now: datetime) -> "SignInLink | None":
        """The link, if it can still be used. Looking changes nothing: mail scanners look too."""
        return cls.objects.usable(now).select_related("user").filter(token_hash=digest(token)).first()

    def redeem(self, now: datetime) -> bool:
        """Use it up; False when somebody was faster."""
        return bool(type(self).objects.usable(now).filter(pk=self.pk).update(used_at=now))
