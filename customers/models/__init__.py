from customers.models.customer import DEFAULT_GROUP, MAX_LEVELS, Address, Customer, CustomerGroup, CustomerWarning
from customers.models.ledger import Account, AccountEntry
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
]
