"""`{{ message|spoken }}`: a sentence of the rules in the reader's language."""

from __future__ import annotations

from django import template

from core.sentences import spoken

register = template.Library()
register.filter("spoken", spoken)
