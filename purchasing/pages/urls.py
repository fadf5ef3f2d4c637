"""Addresses of My account, below /account/. Each has a row in `purchasing/tests/pages/test_who_sees_what.py`."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path, reverse_lazy
from django.views.generic import RedirectView

from purchasing.pages import (
    addresses,
    credit,
    customers,
    details,
    masquerade,
    order_files,
    orders,
    quote_list,
    quotes,
    reorder,
    sign_in,
    statement,
    to_come,
    users,
)

app_name = "account"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="account:orders"), name="home"),
    path("login/", sign_in.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(next_page=reverse_lazy("account:login")), name="logout"),
    path("leave/", masquerade.leave, name="leave"),
    path("choose/", sign_in.Choose.as_view(), name="choose"),
    path("password/", sign_in.AskForLink.as_view(), name="password"),
    path("password/sent/", sign_in.LinkSent.as_view(), name="password_sent"),
    path("password/done/", sign_in.PasswordDone.as_view(), name="password_done"),
    path("password/<uidb64>/<token>/", sign_in.SetPassword.as_view(), name="password_set"),
    path("orders/", orders.orders, name="orders"),
    path("orders.csv", order_files.orders_csv, name="orders_csv"),
    path("orders.xlsx", order_files.orders_xlsx, name="orders_xlsx"),
    path("orders/<str:spark_id>/", orders.order, name="order"),
    path("orders/<str:spark_id>/order.pdf", order_files.order_pdf, name="order_pdf"),
    path("orders/<str:spark_id>/re-order/", reorder.reorder, name="order_again"),
    path("customers/", customers.customers, name="customers"),
    path("customers/pick/", customers.pick, name="customer_pick"),
    path("to-come/", to_come.to_come, name="to_come"),
    path("to-come.csv", to_come.to_come_csv, name="to_come_csv"),
    path("quotes/", quote_list.quotes, name="quotes"),
    path("quotes/<str:spark_id>/", quotes.quote, name="quote"),
    path("quotes/<str:spark_id>/accept/", quotes.accept, name="quote_accept"),
    path("quotes/<str:spark_id>/approve/", quotes.approve, name="quote_approve"),
    path("quotes/<str:spark_id>/reject/", quotes.reject, name="quote_reject"),
    path("quotes/<str:spark_id>/trim/", quotes.trim, name="quote_trim"),
    path("statement/", statement.statement, name="statement"),
    path("statement.csv", statement.statement_as_csv, name="statement_csv"),
    path("statement.pdf", statement.statement_as_pdf, name="statement_pdf"),
    path("credit/", credit.credit, name="credit"),
    path("details/", details.details, name="details"),
    path("details/language/", details.set_language, name="details_language"),
    path("details/email/", details.new_email, name="details_email"),
    path("details/email/<str:text>/", details.confirm_email, name="details_email_confirm"),
    path("users/", users.users, name="users"),
    path("users/new/", users.invite, name="user_invite"),
    path("users/<str:customer_id>/", users.user, name="user"),
    path("users/<str:customer_id>/invite/", users.invite_again, name="user_invite_again"),
    path("invitation/<str:invitation>/", users.accept, name="invitation"),
    path("addresses/", addresses.addresses, name="addresses"),
    path("addresses/new/", addresses.add, name="address_add"),
    path("addresses/<str:address_id>/", addresses.change, name="address"),
    path("addresses/<str:address_id>/delete/", addresses.delete, name="address_delete"),
    path("addresses/<str:address_id>/use/", addresses.use, name="address_use"),
]
