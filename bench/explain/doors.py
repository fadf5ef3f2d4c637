"""Who asks: a program, the main user of a large company, and staff. Everything they need is made, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from oauth2_provider.models import set_token_value

from bench.cast import sign_in_buyer
from bench.explain.asked import Asked, Sample, of_account, of_api, of_office
from catalog.models import ProductVariant
from core.models import AccessToken, ApiClient, User
from core.models.oauth import new_token
from core.scopes import SCOPES
from customers.models import AccountEntry, Customer
from purchasing.models import Purchase, PurchaseTransaction
from purchasing.models.package import LineItem

Door = tuple[str, Client, Asked]


def doors() -> Iterator[Door]:
    """Each address with the browser or program that may ask it, by area."""
    most = AccountEntry.objects.values("account__customer").annotate(rows=Count("*")).order_by("-rows")[0]
    customer = Customer.objects.select_related("site").get(pk=most["account__customer"])
    sample = _sample(customer)
    program = _program(customer)
    for asked in of_api(SchemaGenerator().get_schema(request=None, public=True), sample):
        yield "API", program, asked
    staff = Client(SERVER_NAME="localhost")
    staff.force_login(User.objects.create_superuser(email="explain@load-test.example", password=None))
    for asked in of_office(sample, _lists(staff)):
        yield "Back office", staff, asked
    buyer = sign_in_buyer(customer)
    for asked in of_account(sample):
        yield "My account", buyer, asked


def _sample(customer: Customer) -> Sample:
    site = customer.site
    orders = Purchase.objects.for_site(site).present().filter(customer=customer, type="order").exclude(visible_id="")
    old = orders.order_by("ordered_at", "id")[100]
    sku = LineItem.objects.for_site(site).filter(purchase=old).exclude(sku="").order_by("-id")[0].sku
    variant = ProductVariant.objects.for_site(site).select_related("product").filter(sku=sku).first()
    variant = variant or ProductVariant.objects.for_site(site).select_related("product").order_by("pk")[100]
    payment = PurchaseTransaction.objects.filter(site=site).order_by("pk")[100]
    return Sample(
        customer=customer.public_id,
        internal=old.internal_id or "none-such",
        platform=old.platform_id or "none-such",
        visible=old.visible_id,
        spark=str(old.spark_id),
        reference=old.customer_reference,
        sku=sku,
        company=customer.company_name,
        email=customer.email,
        external=customer.external_id or "none-such",
        product=variant.product.public_id,
        slug=variant.product.slug,
        title=variant.product.title,
        transaction=payment.platform_id,
    )


def _program(customer: Customer) -> Client:
    client = ApiClient(site=customer.site, name="Explain", scopes=list(SCOPES))
    client.set_new_secret()
    client.save()
    raw = new_token()
    token = AccessToken(
        site=customer.site,
        application=client,
        scope=" ".join(SCOPES),
        expires=timezone.now() + timedelta(hours=12),
    )
    set_token_value(token, raw)
    token.save()
    return Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {raw}", "site-id": customer.site.slug})


def _lists(staff: Client) -> dict[str, Any]:
    """Every list of the back office by its address."""
    lists = {}
    for model in admin.site._registry:  # noqa: SLF001  # there is no public name for it
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        answer = staff.get(address)
        context = getattr(answer, "context_data", None) or {}
        if answer.status_code == 200 and "cl" in context:
            lists[address] = context["cl"]
    return lists
