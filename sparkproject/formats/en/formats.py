"""How English writes short dates here: as everybody reads them, not in the order of one country."""

SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
