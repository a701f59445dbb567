from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = _("connections")

    def ready(self) -> None:
        from integrations import receivers  # noqa: F401  (connects them)
