"""Customer groups and what they ask of an order."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.documents import validate
from core.api.idempotency import idempotent
from core.api.query import Query
from core.api.views import ApiView
from customers import groups
from customers.api.examples import (
    GROUP_CREATED,
    GROUP_PATCHED,
    GROUP_SETTINGS,
    GROUP_SETTINGS_PATCHED,
    GROUPS,
)
from customers.api.group_answers import GroupRows, GroupSettingRows, group_settings_answered, groups_answered
from customers.group_documents import GroupChange, GroupSettings, NewGroup
from customers.models import CustomerGroup, OrderMinimum


class GroupApiView(ApiView):
    required_scopes = ("setup",)

    def all_groups(self) -> Response:
        """What reading and both writes answer: the whole list."""
        rows = CustomerGroup.objects.for_site(self.site).select_related("parent").order_by("slug")
        return Response(groups_answered(rows))


class CustomerGroupsView(GroupApiView):
    @extend_schema(
        operation_id="customer_groups_list",
        summary="List customer groups",
        responses={200: GroupRows},
        examples=[GROUPS],
    )
    def get(self, request: Request) -> Response:
        """All of them, by slug."""
        Query(request.query_params, known=()).check()
        return self.all_groups()

    @extend_schema(
        operation_id="customer_groups_create",
        summary="Set up a customer group",
        request=NewGroup,
        responses={200: GroupRows},
        examples=[GROUP_CREATED, GROUPS],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Answers all groups. 400: `resource-already-exists` (slug), `resource-id-not-found` (parent)."""
        groups.create_group(site=self.site, document=validate(NewGroup, self.body()))
        return self.all_groups()


class CustomerGroupView(GroupApiView):
    @extend_schema(
        operation_id="customer_groups_update",
        summary="Change a customer group",
        request=GroupChange,
        responses={200: GroupRows},
        examples=[GROUP_PATCHED, GROUPS],
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Answers all groups. Without `parent_slug` the group comes under `base` again.

        An unknown slug or parent: 400 `resource-id-not-found`.
        """
        groups.patch_group(site=self.site, slug=slug, document=validate(GroupChange, self.body()))
        return self.all_groups()

    @extend_schema(operation_id="customer_groups_destroy", summary="Delete a customer group", responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """With its settings. 400: `resource-id-not-found`; `resource-in-use` while customers or groups are in it."""
        groups.delete_group(site=self.site, slug=slug)
        return Response(status=204)


class GroupSettingsView(GroupApiView):
    body_is_array = True

    @extend_schema(
        operation_id="customer_group_settings_list",
        summary="Read the settings of a customer group",
        responses={200: GroupSettingRows},
        examples=[GROUP_SETTINGS],
    )
    def get(self, request: Request, slug: str) -> Response:
        """What it sets itself; where it sets nothing, what is above it holds. Unknown: 400 `resource-id-not-found`."""
        group = groups.find_group(site=self.site, slug=slug)
        minimums = OrderMinimum.objects.for_site(self.site).filter(group=group).order_by("currency_code")
        return Response(group_settings_answered(minimums))

    @extend_schema(
        operation_id="customer_group_settings_update",
        summary="Set the settings of a customer group",
        request=GroupSettings,
        responses={204: None},
        examples=[GROUP_SETTINGS_PATCHED],
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Replaces the value of each key that is named; null or an empty one takes it away."""
        settings = validate(GroupSettings, self.body()).root
        groups.set_group_settings(site=self.site, slug=slug, settings=settings)
        return Response(status=204)
