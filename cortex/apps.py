from django.apps import AppConfig


class CortexConfig(AppConfig):
    name = "cortex"
    verbose_name = "Hypermedia"
