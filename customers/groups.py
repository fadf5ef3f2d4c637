"""The only doors that write customer groups and their settings.

Groups of a site are changed one at a time, under the lock of the site's row: two moves could close a cycle together.
Refusals are 400, as the reference has it, also for a group that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import InvalidDocument
from core.models import Site
from core.retries import in_transaction
from customers.documents import read_group
from customers.group_documents import GroupChange, GroupSettingDocument, NewGroup
from customers.models import DEFAULT_GROUP, Customer, CustomerGroup, OrderMinimum


def create_group(*, site: Site, document: NewGroup) -> CustomerGroup:
    """A new group. Raises InvalidDocument: `resource-already-exists`, `resource-id-not-found` for its parent."""

    def work() -> CustomerGroup:
        groups = _locked_groups(site)
        if read_group(document.slug) in groups:
            message = f"There is a group {document.slug} already."
            raise InvalidDocument(message, code="resource-already-exists", property="slug")
        group = CustomerGroup(site=site, slug=document.slug, name=document.name, price_lists=document.price_lists)
        group.parent = _parent_of(group, groups, document)
        group.save()
        return group

    return in_transaction(work)


def patch_group(*, site: Site, slug: str, document: GroupChange) -> CustomerGroup:
    """Change a group's name and price lists where the document names them, and put it where it says: under `default`
    when it names no parent.

    Raises InvalidDocument: `resource-id-not-found` for the group or its parent, `parent-cycle`.
    """

    def work() -> CustomerGroup:
        groups = _locked_groups(site)
        group = _known(groups, slug, "slug")
        if "name" in document.model_fields_set:
            group.name = document.name
        if "price_lists" in document.model_fields_set:
            group.price_lists = document.price_lists
        group.parent = _parent_of(group, groups, document)
        group.save()
        return group

    return in_transaction(work)


def delete_group(*, site: Site, slug: str) -> None:
    """Remove a group and its settings. Deleted customers who were in it are in `default` from now on.

    Raises InvalidDocument: `resource-id-not-found`; `resource-in-use` for `default`, and while customers are in it or
    groups come under it.
    """

    def work() -> None:
        groups = _locked_groups(site)
        group = _known(groups, slug, "slug")
        if group.slug == DEFAULT_GROUP:
            raise _in_use("The group default stays.")
        # Locked whole: a customer who joins from now on waits for it, and then finds it gone.
        CustomerGroup.objects.for_site(site).select_for_update().get(pk=group.pk)
        if any(other.parent_id == group.pk for other in groups.values()):
            raise _in_use("Other groups come under this one.")
        customers = Customer.objects.for_site(site).filter(group=group)
        if customers.present().exists():
            raise _in_use("Customers are in this group.")
        customers.update(group=groups[DEFAULT_GROUP])
        group.delete()

    in_transaction(work)


def set_group_settings(*, site: Site, slug: str, settings: Sequence[GroupSettingDocument]) -> None:
    """Replace the settings that are named. Raises InvalidDocument `resource-id-not-found` for the group."""

    def work() -> None:
        group = _known(_locked_groups(site), slug, "slug")
        for setting in settings:
            OrderMinimum.objects.for_site(site).filter(group=group).delete()
            OrderMinimum.objects.bulk_create(
                OrderMinimum(
                    site=site,
                    group=group,
                    currency_code=minimum.currency_code,
                    minimum_value=minimum.minimum_value,
                    compare_type=minimum.compare_type,
                )
                for minimum in setting.value or []
            )

    in_transaction(work)


def find_group(*, site: Site, slug: str) -> CustomerGroup:
    """The group of this slug. Raises InvalidDocument `resource-id-not-found`."""
    group = CustomerGroup.objects.for_site(site).filter(slug=read_group(slug)).first()
    if group is None:
        raise _unknown("slug")
    return group


def _locked_groups(site: Site) -> dict[str, CustomerGroup]:
    """All groups of the site by slug, under the site's lock."""
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    return {group.slug: group for group in CustomerGroup.objects.for_site(site)}


def _known(groups: dict[str, CustomerGroup], slug: str, member: str) -> CustomerGroup:
    group = groups.get(read_group(slug))
    if group is None:
        raise _unknown(member)
    return group


def _parent_of(group: CustomerGroup, groups: dict[str, CustomerGroup], document: GroupChange) -> CustomerGroup | None:
    """The group it is to come under; None for `default`. Raises InvalidDocument."""
    if document.parent_slug == DEFAULT_GROUP:
        return None
    parent = _known(groups, document.parent_slug, "parent_slug")
    by_number = {known.pk: known for known in groups.values()}
    above: CustomerGroup | None = parent
    while above is not None:
        if above.pk == group.pk or group.slug == DEFAULT_GROUP:
            message = "A group cannot come under itself or one below it."
            raise InvalidDocument(message, code="parent-cycle", property="parent_slug")
        above = by_number.get(above.parent_id or 0)
    return parent


def _unknown(member: str) -> InvalidDocument:
    return InvalidDocument("There is no such group.", code="resource-id-not-found", property=member)


def _in_use(message: str) -> InvalidDocument:
    return InvalidDocument(message, code="resource-in-use", property="slug")
