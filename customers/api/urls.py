"""Routes of customers; mounted by `sparkproject.api_urls`."""

from __future__ import annotations

from django.urls import path

from customers.api.addresses import AddressesView, AddressView
from customers.api.customers import CustomersView, CustomerView
from customers.api.files import LedgerCsvView, LedgerPdfView, StatementCsvView, StatementPdfView
from customers.api.groups import CustomerGroupsView, CustomerGroupView, GroupSettingsView
from customers.api.ledger import LedgerView
from customers.api.statement import StatementView
from customers.api.whole import WholeCustomerView

ONE = "v1/customers/<segment:id>"

urlpatterns = [
    path("v1/customers", CustomersView.as_view(), name="customers"),
    path(ONE, CustomerView.as_view(), name="customer"),
    path(f"{ONE}/addresses", AddressesView.as_view(), name="customer-addresses"),
    path(f"{ONE}/addresses/<segment:id2>", AddressView.as_view(), name="customer-address"),
    path(f"{ONE}/statement", StatementView.as_view(), name="customer-statement"),
    path(f"{ONE}/statement.csv", StatementCsvView.as_view(), name="customer-statement-csv"),
    path(f"{ONE}/statement.pdf", StatementPdfView.as_view(), name="customer-statement-pdf"),
    path(f"{ONE}/ledger", LedgerView.as_view(), name="customer-ledger"),
    path(f"{ONE}/ledger.csv", LedgerCsvView.as_view(), name="customer-ledger-csv"),
    path(f"{ONE}/ledger.pdf", LedgerPdfView.as_view(), name="customer-ledger-pdf"),
    path("v2/customers/<segment:lookup_by>/<segment:identifier>", WholeCustomerView.as_view(), name="whole-customer"),
    path("v1/customer-groups", CustomerGroupsView.as_view(), name="customer-groups"),
    path("v1/customer-groups/<segment:slug>", CustomerGroupView.as_view(), name="customer-group"),
    path("v1/customer-groups/<segment:slug>/settings", GroupSettingsView.as_view(), name="customer-group-settings"),
]
