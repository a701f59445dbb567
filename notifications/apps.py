from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("messages")

    def ready(self) -> None:
        from anymail.signals import tracking

        from notifications.fates import learn_from_mail_provider

        tracking.connect(learn_from_mail_provider, dispatch_uid="fates")
