"""The back office of purchases: everything is saved through the operations of the API."""

from purchasing.admin.customers import CustomerPageAdmin
from purchasing.admin.ledger import EntryPageAdmin
from purchasing.admin.mails import MailAdmin
from purchasing.admin.packages import PackageAdmin
from purchasing.admin.purchases import PurchaseAdmin
from purchasing.admin.revisions import RevisionAdmin
from purchasing.admin.shipping import ShippingMethodAdmin
from purchasing.admin.transactions import TransactionAdmin

__all__ = [
    "CustomerPageAdmin",
    "EntryPageAdmin",
    "MailAdmin",
    "PackageAdmin",
    "PurchaseAdmin",
    "RevisionAdmin",
    "ShippingMethodAdmin",
    "TransactionAdmin",
]
