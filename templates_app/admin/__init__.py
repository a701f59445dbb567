"""The workshop: templates, surveys, and messages in own words."""

from templates_app.admin import notifications, surveys, templates

__all__ = ["notifications", "surveys", "templates"]
