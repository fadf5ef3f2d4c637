"""Products: create, read, change, list. A customer's token reads what is live."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import operations
from catalog.api.answers import ProductAnswer, ProductRows, products_answered
from catalog.api.examples import PRODUCT, PRODUCT_CREATED, PRODUCT_PATCHED, PRODUCTS
from catalog.api.filters import PRODUCT_PARAMETERS, products_asked_for
from catalog.documents import NewProduct, ProductChange, VariantChange
from catalog.models import Product
from core.api.documents import validate
from core.api.idempotency import idempotent
from core.api.pagination import TOTAL, next_link, total_of
from core.errors import NotFound, NotPermitted
from core.scopes import read_scope
from customers.api.reader import ReaderApiView

STOCK_SCOPE = "products.stock"


class CatalogApiView(ReaderApiView):
    """An address under /products or /variants."""

    required_scopes = ("products",)
    person_methods = ("GET",)

    @property
    def with_stock(self) -> bool:
        """Whether this token may read stock: without, none is answered."""
        return not self.access.scopes.isdisjoint((STOCK_SCOPE, read_scope(STOCK_SCOPE)))

    def require_stock_scope(self, sent: VariantChange, place: str = "") -> None:
        """Raises NotPermitted when stock is sent with a token that may not write it."""
        if sent.stock and STOCK_SCOPE not in self.access.scopes:
            raise NotPermitted(f"Stock needs the scope {STOCK_SCOPE}.", code="scope-missing", property=f"{place}stock")


class ProductApiView(CatalogApiView):
    def answer(self, identifier: str) -> Response:
        """The product as it stands now. Raises NotFound."""
        products = Product.objects.for_site(self.site).visible_to(self.reader).identified(identifier)
        rows = list(products.for_answer(reader=self.reader))
        if not rows:
            raise NotFound
        return Response(products_answered(self.site, rows, with_stock=self.with_stock)[0])

    def require_stock_scopes(self, document: NewProduct | ProductChange) -> None:
        for index, variant in enumerate(document.variants):
            self.require_stock_scope(variant, f"variants[{index}].")


class ProductsView(ProductApiView):
    @extend_schema(
        operation_id="products_list",
        summary="List products",
        parameters=[*PRODUCT_PARAMETERS, TOTAL],
        responses={200: ProductRows},
        examples=[PRODUCTS],
    )
    def get(self, request: Request) -> Response:
        """A bare array by our id; `Link` names the next page while there may be one."""
        products, page = products_asked_for(self.site, request.query_params, reader=self.reader)
        rows = list(products.for_answer(reader=self.reader)[page.offset : page.offset + page.limit])
        headers = next_link(request, page=page, rows=len(rows)) | total_of(request, products)
        return Response(products_answered(self.site, rows, with_stock=self.with_stock), headers=headers)

    @extend_schema(
        operation_id="products_create",
        summary="Create a product",
        request=NewProduct,
        responses={200: ProductAnswer},
        examples=[PRODUCT_CREATED, PRODUCT],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """With its variants. External ids, slug and SKUs are free on the site, else 409 `resource-already-exists`."""
        document = validate(NewProduct, self.body())
        self.require_stock_scopes(document)
        product = operations.create_product(site=self.site, document=document, now=timezone.now())
        return self.answer(product.public_id)


class ProductView(ProductApiView):
    @extend_schema(
        operation_id="products_retrieve",
        summary="Read a product",
        responses={200: ProductAnswer},
        examples=[PRODUCT],
    )
    def get(self, request: Request, id: str) -> Response:
        """`id`: ours (`pp_12`) or the external id."""
        return self.answer(id)

    @extend_schema(
        operation_id="products_update",
        summary="Change a product",
        request=ProductChange,
        responses={200: ProductAnswer},
        examples=[PRODUCT_PATCHED, PRODUCT],
    )
    def patch(self, request: Request, id: str) -> Response:
        """Changes what is sent and nothing else.

        A variant is recognised by `id`, else `external_id`, else `sku`, and changed; one that is not is added. Its
        `rrp`, `options` and `settings` are replaced when sent; stock at other locations stays.
        """
        document = validate(ProductChange, self.body())
        self.require_stock_scopes(document)
        product = operations.patch_product(site=self.site, product_id=id, document=document, now=timezone.now())
        return self.answer(product.public_id)
