from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    """Settings, addresses, health and the commands `demo`, `test`, `bench` and `worker`."""

    name = "config"

    def ready(self) -> None:
        from config import checks, tasks  # noqa: F401  (registers the system checks and the queue’s pulse)


class PortalConfig(AdminConfig):
    """Django's admin with Vouch's own site in place of the stock one."""

    default_site = "config.portal.Portal"
