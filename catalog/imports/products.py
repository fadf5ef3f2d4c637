"""Files of products: a table has a row for each variant, the rows of a product after each other."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any

from catalog.documents import NewProduct, ProductChange
from catalog.models import Product
from catalog.operations import create_product, patch_product
from core.api.documents import validate
from core.errors import InvalidDocument
from core.imports.cells import figure, flag, whole_number, word
from core.imports.importer import OneByOne, identifier
from core.imports.rows import Column, Record, Row
from core.written import Written

OPTION, RRP, RULE = "option:", "rrp:", "rule:"
_PRODUCT = {"product_external_id": "external_id", "product_slug": "slug", "product_title": "title"}
_VARIANT = ("sku", "external_id", "status", "position", "weight_in_grams", "tax_type", "cart_image_url")
_RULES = {
    "pack_size": whole_number,
    "reserve_stock_quantity": whole_number,
    "min_order_quantity": whole_number,
    "max_order_quantity": whole_number,
    "min_order_parent_quantity": whole_number,
    "max_order_parent_quantity": whole_number,
    "display": flag,
    "sell": flag,
}
_PLACE = re.compile(r"variants\[([0-9]+)\]\.?(.*)", re.DOTALL)

_ENTRY = re.compile(r"(options|rrp|settings)\[([0-9]+)\]\.?(.*)", re.DOTALL)


class ProductImporter(OneByOne):
    """Known by the product's external id, else its slug; variants by external id, else SKU. New ones are created.

    What a file does not say stays as it is, variants that it does not name too.
    """

    name = "products"
    command = "import_products"
    columns = (
        Column("product_external_id", "the product's id elsewhere; or product_slug"),
        Column("product_slug", "its name in links; a new product needs one"),
        Column("product_title", "a new product needs one"),
        Column("sku", "of the variant; a new one needs it", aliases=("variant_sku",)),
        Column("external_id", "the variant's id elsewhere", aliases=("variant_external_id",)),
        Column("status", "pending (where nothing is said), live, suspended or discontinued", read=word),
        Column("position", "its place among the variants", read=figure),
        Column("weight_in_grams", "a number", read=figure),
        Column("tax_type", "a number; deprecated", read=figure),
        Column("cart_image_url", "an http or https address; deprecated"),
        Column(OPTION, "such as option:Colour, what tells the variant from its siblings", is_family=True),
        Column(RRP, "such as rrp:GBP, the recommended price in that currency", is_family=True, read=figure),
        Column(RULE, f"such as rule:default:pack_size, how it is sold to a group: {', '.join(_RULES)}", is_family=True),
    )
    document = "a product as PATCH /api/v1/products/{id} takes it, with external_id or slug"

    def key(self, row: Row) -> Hashable:
        """A product without its external id in one row and with it in the next is not recognised as one."""
        names = ("external_id", "slug") if row.is_document else ("product_external_id", "product_slug")
        return next(((name, found) for name in names if (found := identifier(row, name))), None)

    def store_one(self, record: Record) -> Written:
        body = dict(record.values) if record.is_document else _body_of(record)
        product = self._meant(_said(body, "external_id"), _said(body, "slug"))
        if product is None:
            new = validate(NewProduct, body)
            return create_product(site=self.site, document=new, now=self.now).written
        change = validate(ProductChange, body)
        product_id = product.public_id
        return patch_product(site=self.site, product_id=product_id, document=change, now=self.now).written

    def place(self, record: Record, property: str) -> tuple[int, str]:
        found = _PLACE.fullmatch(property)
        if record.is_document:
            return record.line, property
        if found is None:
            columns = {member: column for column, member in _PRODUCT.items()}
            return record.line, columns.get(property, property)
        row = record.rows[int(found[1])]
        return row.line, _column_of(row, found[2])

    def _meant(self, external_id: str, slug: str) -> Product | None:
        """By external id; else by slug, unless that product has another external id: then the slug is taken."""
        products = Product.objects.for_site(self.site)
        if not external_id and not slug:
            raise InvalidDocument("Name the product by its external id or slug.", code="required", property="slug")
        product = products.filter(external_id=external_id).first() if external_id else None
        if product is None and slug:
            product = products.filter(slug=slug, **({"external_id": ""} if external_id else {})).first()
        return product


def _said(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return str(value) if isinstance(value, str | int) else ""


def _body_of(record: Record) -> dict[str, Any]:
    """The product is said by any of its rows; where two say different things of it the record is refused."""
    body: dict[str, Any] = {}
    for row in record.rows:
        for column, member in _PRODUCT.items():
            said = row.values.get(column)
            if said is not None and body.setdefault(member, said) != said:
                message = f"Line {row.line} says something else of the same product."
                raise InvalidDocument(message, property=member)
    variants = [_variant_of(row) for row in record.rows]
    return body | {"variants": variants if variants != [{}] else []}


def _variant_of(row: Row) -> dict[str, Any]:
    body: dict[str, Any] = {name: row.values[name] for name in _VARIANT if name in row.values}
    options, rrp, rules = [], [], dict[str, dict[str, Any]]()
    for name, value in row.values.items():
        if name.startswith(OPTION):
            options.append({"group": name.removeprefix(OPTION), "value": value})
        elif name.startswith(RRP):
            rrp.append({"currency_code": name.removeprefix(RRP), "value": value})
        elif name.startswith(RULE):
            group, _, member = name.removeprefix(RULE).rpartition(":")
            rules.setdefault(group, {"customer_group": group})[member] = _rule(name, member, value)
    lists = {"options": options, "rrp": rrp, "settings": list(rules.values())}
    return body | {name: entries for name, entries in lists.items() if entries}


def _column_of(row: Row, property: str) -> str:
    """The column of a member of the variant: `rrp[0].value` stands under `rrp:GBP`."""
    found = _ENTRY.fullmatch(property)
    if found is None:
        return property
    family = {"options": OPTION, "rrp": RRP, "settings": RULE}[found[1]]
    columns = [name for name in row.values if name.startswith(family)]
    if family == RULE:
        groups = list(dict.fromkeys(name.rpartition(":")[0] for name in columns))
        return f"{groups[int(found[2])]}:{found[3]}"
    return columns[int(found[2])]


def _rule(name: str, member: str, value: str) -> Any:
    if member not in _RULES:
        raise InvalidDocument(f"A rule says one of {', '.join(_RULES)}.", property=name)
    try:
        return _RULES[member](value)
    except ValueError as error:
        raise InvalidDocument(f"{error}.", property=name) from None
