"""Defects that let one site or customer into another's."""

from __future__ import annotations

from planted.defect import Defect, Edit

ISOLATION: tuple[Defect, ...] = (
    Defect(
        "A token of one site with the header of another, a doubled or odd header",
        "any site's header is believed",
        Edit("core/api/authentication.py", "if access.site.slug != site_id:", "if not site_id:"),
        "core/tests/api/test_authentication.py::test_site_id",
        "core/tests/api/test_authentication.py::test_a_foreign_and_an_unknown_site_are_answered_alike",
    ),
    Defect(
        "A token of one site with the header of another, a doubled or odd header",
        "of a header that was sent twice the first counts",
        Edit(
            "core/api/authentication.py",
            '    if "," in value:\n        raise InvalidDocument("Send the Site-Id header once.", code="site-id-repeated")\n'
            "    return value",
            '    return value.partition(",")[0]',
        ),
        "core/tests/api/test_authentication.py::test_site_id",
    ),
    Defect(
        "Look-ups, filters, references, autocomplete and exports across sites",
        "a look-up finds purchases of every site",
        Edit(
            "purchasing/store/finding.py",
            'f"WHERE site_id = $1 AND deleted_at IS NULL AND ({arms}) "',
            'f"WHERE $1::bigint > 0 AND deleted_at IS NULL AND ({arms}) "',
        ),
        "tests/test_sites_are_alone.py::test_a_put_under_their_identifiers_makes_one_of_one_s_own",
        "tests/test_sites_are_alone.py::test_their_version_is_no_version_here",
    ),
    Defect(
        "Look-ups, filters, references, autocomplete and exports across sites",
        "a purchase may name a customer of another site",
        Edit(
            "purchasing/store/finding.py",
            "WHERE site_id = $1 AND (id = ANY($2::bigint[]) OR (",
            "WHERE $1::bigint > 0 AND (id = ANY($2::bigint[]) OR (",
        ),
        "tests/test_sites_are_alone.py::test_a_purchase_refers_to_nobody_of_theirs",
    ),
    Defect(
        "Look-ups, filters, references, autocomplete and exports across sites",
        "the back office lists and offers rows of every site",
        Edit(
            "core/admin/base.py",
            "        sites = sites_here(request)\n        # Said by number",
            "        return queryset\n        # Said by number",
        ),
        "tests/test_every_back_office_page.py::test_look_ups_offer_the_own_site",
        "tests/test_exports.py::test_every_role_takes_along_what_the_own_sites_list",
    ),
    Defect(
        "Look-ups, filters, references, autocomplete and exports across sites",
        "a filter offers rows of every site",
        Edit(
            "core/admin/base.py",
            'limit = {f"{path}__in": sites_of(request.user)} if path else {}',
            "limit = {}",
        ),
        "tests/test_every_back_office_page.py::test_filters_offer_the_own_site",
    ),
    Defect(
        "What is foreign is answered otherwise than what is unknown",
        "a refusal says whether the site exists",
        Edit(
            "core/api/authentication.py",
            'raise NotPermitted("This access token does not belong to the site of the Site-Id header.")',
            'raise NotPermitted(f"Site there: {type(access.site).objects.filter(slug=site_id).exists()}")',
        ),
        "core/tests/api/test_authentication.py::test_a_foreign_and_an_unknown_site_are_answered_alike",
    ),
    Defect(
        "A customer reads another's order, PDF or CSV",
        "pages and files show every purchase of the site",
        Edit(
            "purchasing/pages/visitor.py",
            "visible = Purchase.objects.visible_to(self.customer)",
            "visible = Purchase.objects.for_site(self.site)",
        ),
        "purchasing/tests/pages/test_order_files.py::test_a_stranger_s_files_are_empty",
        "purchasing/tests/pages/test_who_sees_what.py::test_hidden_answers_as_unknown",
    ),
    Defect(
        "A customer reads another's order, PDF or CSV",
        "the API answers a customer any purchase that he can name",
        Edit(
            "purchasing/visibility.py",
            "return reader.pk in buyers or bool(buyers and Customer.objects.visible_to(reader).filter(pk__in=buyers).exists())",
            "return True",
        ),
        "tests/test_who_sees_what.py::test_everybody_asks_for_what_is_everybody_s",
    ),
    Defect(
        "Child, parent and agent see too much",
        "everybody of a company sees what all of it buy",
        Edit(
            "customers/models/querysets.py",
            "return rows.family_of(reader) if reader.is_main_user else rows.filter(pk=reader.pk)",
            "return rows.family_of(reader)",
        ),
        "purchasing/tests/test_visible_to.py::test_visible_to",
    ),
    Defect(
        "Child, parent and agent see too much",
        "an agent sees beyond his groups",
        Edit("customers/models/querysets.py", "return rows.filter(pk__in=sharing) if groups else rows", "return rows"),
        "purchasing/tests/test_visible_to.py::test_agents_see_by_groups",
    ),
    Defect(
        "One person is a customer of two sites",
        "a session reaches the host of another site",
        Edit(
            "purchasing/pages/visitor.py",
            "return customers.for_site(site) if site else customers",
            "return customers",
        ),
        "purchasing/tests/pages/test_sign_in.py::TestPersonOfTwoSites::test_a_session_does_not_reach_another_site_s_host",
    ),
    Defect(
        "Staff of two sites",
        "a role at one site counts at the other",
        Edit(
            "core/admin/base.py",
            "return bool(sites) if site_id is None else site_id in sites",
            "return bool(sites)",
        ),
        "tests/test_roles_of_staff.py::test_a_role_counts_at_its_site_alone",
    ),
)
