from django.apps import AppConfig
from django.db.models.signals import class_prepared
from django.utils.translation import gettext_lazy as _

from core.words_of_models import translate_words

# Here, as forms and pages of the admin read the words of models when they are imported.
class_prepared.connect(translate_words, dispatch_uid="words of models")


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Set-up")

    def ready(self) -> None:
        # They register themselves: the `segment` of addresses, and receivers, which need the models loaded.
        from core import paths, signals  # noqa: F401
