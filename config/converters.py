"""Parts of addresses."""

from django.urls import register_converter


class Colour:
    """Six hexadecimal digits."""

    regex = "[0-9a-fA-F]{6}"

    def to_python(self, value: str) -> str:
        return f"#{value}"

    def to_url(self, value: str) -> str:
        return value.lstrip("#")


register_converter(Colour, "colour")
