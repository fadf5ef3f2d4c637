from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PurchasingConfig(AppConfig):
    name = "purchasing"
    verbose_name = _("Purchases")

    def ready(self) -> None:
        from purchasing import signals

        signals.connect()
