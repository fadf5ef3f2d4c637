from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "purchasing"
    verbose_name = "Purchases"

    def ready(self) -> None:
        from purchasing import signals

        signals.connect()
