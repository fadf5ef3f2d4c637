from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Set-up"

    def ready(self) -> None:
        # They register themselves: the `segment` of addresses, and receivers, which need the models loaded.
        from core import paths, signals  # noqa: F401
