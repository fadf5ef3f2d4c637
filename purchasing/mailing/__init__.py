"""Mails about purchases, from what was noted (`purchasing.models.mail`) to what a mail server is handed."""
