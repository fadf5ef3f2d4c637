"""`/account/addresses/`: a customer's own addresses, and which of them, or of his company's, are used by default."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.api.documents import validate
from core.countries import country_name, place_line
from core.errors import NotFound
from core.ids import ADDRESS, number_of
from customers import operations
from customers.documents import AddressChange, CustomerChange, NewAddress
from customers.models import Address, Customer
from purchasing.pages.fields import choice_field, text_field
from purchasing.pages.refusals import carried_out
from purchasing.pages.visitor import Visitor, for_customers, render_page

_DELETED = "account_deleted_address"
"""In the session: the address that was deleted last."""
DEFAULTS = {"billing": "default_billing_address_id", "shipping": "default_shipping_address_id"}


@dataclass(frozen=True, slots=True)
class Shown:
    """An address, and what it is used for."""

    address: Address
    lines: list[str]
    bills: bool
    ships: bool


class AddressForm(forms.Form):
    """The members of an address that are a customer's own; `external_id` is the merchant's."""

    nickname = text_field(_("Name of the address"), most=50)
    company = text_field(_("Company"), most=128, autocomplete="organization")
    first_name = text_field(_("First name"), most=50, autocomplete="given-name")
    last_name = text_field(_("Last name"), most=50, autocomplete="family-name")
    address_line1 = text_field(_("Street and number"), most=255, required=True, autocomplete="address-line1")
    address_line2 = text_field(_("Further line"), most=255, autocomplete="address-line2")
    postal_code = text_field(_("Postal code"), most=20, autocomplete="postal-code")
    city = text_field(_("City"), most=128, required=True, autocomplete="address-level2")
    region_code = text_field(_("Region"), most=10, autocomplete="address-level1")
    country_code = choice_field(_("Country"), [])
    phone = text_field(_("Phone"), most=20, autocomplete="tel")
    mobile = text_field(_("Mobile"), most=20, autocomplete="tel")

    def __init__(self, data: Any, *, visitor: Visitor, address: Address | None = None) -> None:
        initial = {name: getattr(address, name) for name in self.base_fields} if address else {}
        super().__init__(data, initial=initial)
        country = self.fields["country_code"]
        assert isinstance(country, forms.ChoiceField)
        countries = visitor.reader.countries()
        kept = address.country_code if address else ""
        if kept and kept not in dict(countries):
            countries = [(kept, kept), *countries]
        country.choices = [("", "—"), *countries]


@require_safe
@for_customers
def addresses(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    customer = visitor.customer
    account = Customer.objects.for_site(visitor.site).account_of(customer)
    rows = Address.objects.for_site(visitor.site).present()
    context = {
        "own": [_shown(address, customer) for address in rows.filter(customer=customer)],
        "of_company": [
            _shown(address, customer) for address in rows.filter(customer=account).exclude(customer=customer)
        ],
    }
    return render_page(request, visitor, "account/addresses.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def add(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    form = AddressForm(request.POST or None, visitor=visitor)

    def work() -> None:
        document = validate(NewAddress, form.cleaned_data)
        operations.add_address(site=visitor.site, customer_id=visitor.customer.public_id, document=document)

    if form.is_valid() and carried_out(form, work):
        messages.success(request, str(_("The address is added.")))
        return redirect("account:addresses")
    return render_page(request, visitor, "account/address.html", {"form": form, "address": None})


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def change(request: HttpRequest, visitor: Visitor, address_id: str) -> HttpResponse:
    """An own one; orders keep the copies they have."""
    address = _own(visitor, address_id)
    form = AddressForm(request.POST or None, visitor=visitor, address=address)

    def work() -> None:
        document = validate(AddressChange, form.cleaned_data)
        operations.patch_address(
            site=visitor.site,
            customer_id=visitor.customer.public_id,
            address_id=address.public_id,
            document=document,
        )

    if form.is_valid() and carried_out(form, work):
        messages.success(request, str(_("The address is changed.")))
        return redirect("account:addresses")
    return render_page(request, visitor, "account/address.html", {"form": form, "address": address})


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def delete(request: HttpRequest, visitor: Visitor, address_id: str) -> HttpResponse:
    """Asks first. A default that pointed there is none any more."""
    if request.method == "POST" and request.session.get(_DELETED) == address_id:  # a second click
        return redirect("account:addresses")
    address = _own(visitor, address_id)
    if request.method != "POST":
        context = {"shown": _shown(address, visitor.customer)}
        return render_page(request, visitor, "account/address_delete.html", context)
    with suppress(NotFound):  # a second click at the same moment has deleted it
        operations.delete_address(
            site=visitor.site, customer_id=visitor.customer.public_id, address_id=address.public_id
        )
    request.session[_DELETED] = address_id
    messages.success(request, str(_("The address is deleted.")))
    return redirect("account:addresses")


@require_POST
@for_customers
def use(request: HttpRequest, visitor: Visitor, address_id: str) -> HttpResponse:
    """Make an address of his own or of his company the default for `kind`: billing or shipping."""
    account = Customer.objects.for_site(visitor.site).account_of(visitor.customer)
    member = DEFAULTS.get(request.POST.get("kind", ""))
    known = Address.objects.for_site(visitor.site).filter(
        customer__in=[visitor.customer, account], pk=_number(address_id)
    )
    if member is None or not known.exists():
        raise Http404
    operations.patch_customer(
        site=visitor.site,
        customer_id=visitor.customer.public_id,
        document=validate(CustomerChange, {member: address_id}),
        actor=visitor.actor,
        now=timezone.now(),
    )
    messages.success(request, str(_("The default is set.")))
    return redirect("account:addresses")


def _own(visitor: Visitor, address_id: str) -> Address:
    """By our id alone; another's answers as what does not exist."""
    own = Address.objects.for_site(visitor.site).filter(customer=visitor.customer)
    address: Address = get_object_or_404(own, pk=_number(address_id))
    return address


def _number(address_id: str) -> int:
    number = number_of(ADDRESS, address_id)
    if number is None:
        raise Http404
    return number


def _shown(address: Address, customer: Customer) -> Shown:
    name = f"{address.first_name} {address.last_name}".strip()
    place = place_line(
        city=address.city,
        region_code=address.region_code,
        postal_code=address.postal_code,
        country_code=address.country_code,
    )
    lines = [
        name,
        address.company,
        address.address_line1,
        address.address_line2,
        place,
        country_name(address.country_code),
    ]
    lines += [address.phone, address.mobile]
    return Shown(
        address,
        [line for line in lines if line],
        bills=customer.default_billing_address_id == address.pk,
        ships=customer.default_shipping_address_id == address.pk,
    )
