"""The back office of customers: saved through the operations of the API; balances and ledger are only looked at."""

from customers.admin.accounts import AccountAdmin, EntryAdmin
from customers.admin.customers import CustomerAdmin
from customers.admin.groups import GroupAdmin
from customers.admin.masquerades import MasqueradeAdmin

__all__ = ["AccountAdmin", "CustomerAdmin", "EntryAdmin", "GroupAdmin", "MasqueradeAdmin"]
