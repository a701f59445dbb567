from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProspectsConfig(AppConfig):
    name = "prospects"
    verbose_name = _("prospects")

    def ready(self) -> None:
        from checks import held
        from prospects import holding, receivers  # noqa: F401  (the receivers are connected by it)

        held.MORE.append(holding.of_reference)
