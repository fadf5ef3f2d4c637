from customers.models.customer import MAX_LEVELS, Address, Customer, CustomerWarning
from customers.models.group import DEFAULT_GROUP, CustomerGroup, OrderMinimum
from customers.models.ledger import Account, AccountEntry
from customers.models.masquerade import Masquerade
from customers.models.querysets import AddressQuerySet, CustomerQuerySet

__all__ = [
    "DEFAULT_GROUP",
    "MAX_LEVELS",
    "Account",
    "AccountEntry",
    "Address",
    "AddressQuerySet",
    "Customer",
    "CustomerGroup",
    "CustomerQuerySet",
    "CustomerWarning",
    "Masquerade",
    "OrderMinimum",
]
