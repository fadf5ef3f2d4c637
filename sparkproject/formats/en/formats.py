"""How English writes dates here: in one form, as everybody reads them, not in the order of one country."""

TIME_FORMAT = "H:i"
DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y-m-d H:i"
