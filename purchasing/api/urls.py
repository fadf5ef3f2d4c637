"""Routes of the Purchasing API; mounted by `sparkproject.api_urls`."""

from __future__ import annotations

from django.urls import path

from purchasing.api.open_lines import OpenLinesView
from purchasing.api.purchases import PurchaseListView, PurchaseView
from purchasing.api.revisions import DiffView, RevisionListView, RevisionView
from purchasing.api.transactions import HistoryView, PurchaseTransactionsView, TransactionsView, TransactionView

ONE = "v1/purchases/<segment:lookup_by>/<segment:identifier>"

urlpatterns = [
    path("v1/purchases", PurchaseListView.as_view(), name="purchase-list"),
    path(ONE, PurchaseView.as_view(), name="purchase"),
    path(f"{ONE}/transactions", PurchaseTransactionsView.as_view(), name="purchase-transactions"),
    path(f"{ONE}/history", HistoryView.as_view(), name="purchase-history"),
    path(f"{ONE}/revisions", RevisionListView.as_view(), name="purchase-revisions"),
    path(f"{ONE}/revisions/<segment:number>", RevisionView.as_view(), name="purchase-revision"),
    path(f"{ONE}/diff", DiffView.as_view(), name="purchase-diff"),
    path("v1/customers/<segment:id>/open-lines", OpenLinesView.as_view(), name="customer-open-lines"),
    path("v1/purchase-transactions", TransactionsView.as_view(), name="transactions"),
    path("v1/purchase-transactions/<segment:transaction_id>", TransactionView.as_view(), name="transaction"),
]
