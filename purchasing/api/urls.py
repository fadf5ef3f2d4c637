"""Routes of the Purchasing API and of the Core API's orders; mounted by `sparkproject.api_urls`."""

from __future__ import annotations

from django.urls import path

from purchasing.api.approvals import AcceptView, ApproveView, RejectView
from purchasing.api.bulk import BulkPurchasesView, BulkTransactionsView
from purchasing.api.credit import CreditView
from purchasing.api.open_lines import OpenLinesView
from purchasing.api.orders import (
    CancelItemsView,
    CancelView,
    OrdersView,
    OrderView,
    PackageView,
    ReturnItemsView,
    ReturnView,
    ShipItemsView,
    ShipView,
)
from purchasing.api.purchase_list import PurchaseListView
from purchasing.api.purchases import PurchaseView
from purchasing.api.revisions import DiffView, RevisionListView, RevisionView
from purchasing.api.shipping_methods import ShippingMethodsView, ShippingMethodView
from purchasing.api.transactions import HistoryView, PurchaseTransactionsView, TransactionsView, TransactionView

ONE = "v1/purchases/<segment:lookup_by>/<segment:identifier>"
ORDER = "v1/orders/<segment:order_id>"

urlpatterns = [
    path("v1/purchases", PurchaseListView.as_view(), name="purchase-list"),
    path("v1/purchases/bulk", BulkPurchasesView.as_view(), name="purchase-bulk"),
    path(ONE, PurchaseView.as_view(), name="purchase"),
    path(f"{ONE}/transactions", PurchaseTransactionsView.as_view(), name="purchase-transactions"),
    path(f"{ONE}/history", HistoryView.as_view(), name="purchase-history"),
    path(f"{ONE}/accept", AcceptView.as_view(), name="purchase-accept"),
    path(f"{ONE}/approve", ApproveView.as_view(), name="purchase-approve"),
    path(f"{ONE}/reject", RejectView.as_view(), name="purchase-reject"),
    path(f"{ONE}/revisions", RevisionListView.as_view(), name="purchase-revisions"),
    path(f"{ONE}/revisions/<segment:number>", RevisionView.as_view(), name="purchase-revision"),
    path(f"{ONE}/diff", DiffView.as_view(), name="purchase-diff"),
    path("v1/customers/<segment:id>/open-lines", OpenLinesView.as_view(), name="customer-open-lines"),
    path("v1/purchase-transactions", TransactionsView.as_view(), name="transactions"),
    path("v1/purchase-transactions/bulk", BulkTransactionsView.as_view(), name="transaction-bulk"),
    path("v1/purchase-transactions/<segment:transaction_id>", TransactionView.as_view(), name="transaction"),
    path("v1/customers/<segment:id>/credit", CreditView.as_view(), name="customer-credit"),
    path("v1/orders", OrdersView.as_view(), name="orders"),
    path(ORDER, OrderView.as_view(), name="order"),
    path(f"{ORDER}/ship", ShipView.as_view(), name="order-ship"),
    path(f"{ORDER}/ship-items", ShipItemsView.as_view(), name="order-ship-items"),
    path(f"{ORDER}/cancel", CancelView.as_view(), name="order-cancel"),
    path(f"{ORDER}/cancel-items", CancelItemsView.as_view(), name="order-cancel-items"),
    path(f"{ORDER}/return", ReturnView.as_view(), name="order-return"),
    path(f"{ORDER}/return-items", ReturnItemsView.as_view(), name="order-return-items"),
    path(f"{ORDER}/packages/<segment:package_id>", PackageView.as_view(), name="order-package"),
    path("v1/shipping-methods", ShippingMethodsView.as_view(), name="shipping-methods"),
    path("v1/shipping-methods/<segment:id>", ShippingMethodView.as_view(), name="shipping-method"),
]
