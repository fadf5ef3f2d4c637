"""How German writes dates here: in one form, long or short."""

TIME_FORMAT = "H:i"
DATE_FORMAT = SHORT_DATE_FORMAT = "d.m.Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "d.m.Y H:i"
