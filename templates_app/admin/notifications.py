"""Messages in own words."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.scoped_admin import ScopedAdmin
from templates_app.models import CustomNotification


@admin.register(CustomNotification)
class CustomNotificationAdmin(ScopedAdmin):
    about = gettext_lazy("What we write in your own words. Everything else is written in ours.")
    list_display = ("moment", "channel", "language", "template")
    list_select_related = ("template",)
    ordering = ("moment", "channel", "language", "pk")
