"""Variants: read, change, list. A customer's token reads what is live."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import operations
from catalog.api.answers import VariantAnswer, VariantRows, variants_answered
from catalog.api.examples import VARIANT, VARIANT_PATCHED, VARIANTS
from catalog.api.filters import VARIANT_PARAMETERS, variants_asked_for
from catalog.api.products import CatalogApiView
from catalog.documents import VariantChange
from catalog.models import ProductVariant
from core.api.documents import validate
from core.api.pagination import TOTAL, next_link, total_of
from core.errors import NotFound


class VariantsView(CatalogApiView):
    @extend_schema(
        operation_id="variants_list",
        summary="List variants",
        parameters=[*VARIANT_PARAMETERS, TOTAL],
        responses={200: VariantRows},
        examples=[VARIANTS],
    )
    def get(self, request: Request) -> Response:
        """A bare array by our id; `Link` names the next page while there may be one."""
        variants, page = variants_asked_for(self.site, request.query_params, reader=self.reader)
        rows = list(variants.for_answer(reader=self.reader)[page.offset : page.offset + page.limit])
        headers = next_link(request, page=page, rows=len(rows)) | total_of(request, variants)
        return Response(variants_answered(self.site, rows, with_stock=self.with_stock), headers=headers)


class VariantView(CatalogApiView):
    @extend_schema(
        operation_id="variants_retrieve",
        summary="Read a variant",
        responses={200: VariantAnswer},
        examples=[VARIANT],
    )
    def get(self, request: Request, id: str) -> Response:
        """`id`: ours (`pv_12`) or the external id."""
        return self._answer(id)

    @extend_schema(
        operation_id="variants_update",
        summary="Change a variant",
        request=VariantChange,
        responses={200: VariantAnswer},
        examples=[VARIANT_PATCHED, VARIANT],
    )
    def patch(self, request: Request, id: str) -> Response:
        """Changes what is sent and nothing else. `rrp`, `options` and `settings` are replaced when sent."""
        document = validate(VariantChange, self.body())
        self.require_stock_scope(document)
        variant = operations.patch_variant(site=self.site, variant_id=id, document=document, now=timezone.now())
        return self._answer(variant.public_id)

    def _answer(self, identifier: str) -> Response:
        """The variant as it stands now. Raises NotFound."""
        variants = ProductVariant.objects.for_site(self.site).visible_to(self.reader).identified(identifier)
        answers = variants_answered(
            self.site, list(variants.for_answer(reader=self.reader)), with_stock=self.with_stock
        )
        if not answers:
            raise NotFound
        return Response(answers[0])
