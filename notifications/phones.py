"""Telephone numbers as the whole world writes them."""

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException


def can_be_texted() -> bool:
    """Whether this installation sends text messages at all."""
    return bool(settings.SMS_URL)


def e164(text: str, region: str = "") -> str:
    """A number such as +442071838750; ValueError says in words what is wrong with it.

    `region` is the country, as GB, of a number that is written without one. Without it such a number is refused: what
    is dialled in one country rings somebody else in another.
    """
    written = text.strip()
    if written.startswith("00"):  # how most of the world dials the plus sign
        written = f"+{written[2:]}"
    if not region and not written.startswith(("+", "\uff0b")):
        raise ValueError(_("Begin the number with + and the country code, such as +44 20 7183 8750."))
    try:
        number = phonenumbers.parse(written, region or None)
    except NumberParseException as fault:
        raise ValueError(_problem(fault)) from None
    if number.extension:
        raise ValueError(_("Leave the extension out: a text message reaches whole numbers only."))
    if not phonenumbers.is_valid_number(number):
        raise ValueError(_("There is no such number in that country. Is a digit missing, or one too many?"))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def as_read(number: str) -> str:
    """+442071838750 as people read it, +44 20 7183 8750; anything else as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def _problem(fault: NumberParseException) -> str:
    if fault.error_type == NumberParseException.INVALID_COUNTRY_CODE:
        return _("No country has this code. Begin with + and the country code, such as +44 20 7183 8750.")
    return _("This is no telephone number. Write it as +44 20 7183 8750.")
