from customers.models.customer import Address, Customer, CustomerGroup, CustomerQuerySet
from customers.models.ledger import Account, AccountEntry

__all__ = ["Account", "AccountEntry", "Address", "Customer", "CustomerGroup", "CustomerQuerySet"]
