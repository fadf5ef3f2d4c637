from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CortexConfig(AppConfig):
    name = "cortex"
    verbose_name = _("Hypermedia")
