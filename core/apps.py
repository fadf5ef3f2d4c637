from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Set-up"

    def ready(self) -> None:
        # Connects its receivers; the models have to be loaded first.
        from core import signals  # noqa: F401
