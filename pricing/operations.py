"""The only doors that write price lists and prices. API, back office, pages and commands all come through here.

Each runs in one database transaction, tried again after a lost race; guards run after the locks are held. Locks: the
site, where rules or what they lead to may change, so that two writers cannot close a circle together; then price lists
in the order of their numbers, each of which stands for its prices. Refused: nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.errors import Fault, InvalidDocument, NotFound
from core.models import Site
from core.retries import in_transaction
from core.written import Written
from pricing import price_rows
from pricing.chains import is_cyclic, levels_through
from pricing.documents import NewPriceList, PriceListChange, RuleDocument, VariantPricing
from pricing.models import MAX_LEVELS, SKU_LENGTH, PriceList, PriceListRule
from pricing.sent_prices import SentPrices, check_sent, sent_breaks

SLUG = "price_list_slug"


def create_price_list(*, site: Site, document: NewPriceList) -> PriceList:
    """A new price list with its rules.

    Raises InvalidDocument: `resource-already-exists`, `resource-not-found`, `rule-cycle`, `too-many-levels`.
    """

    def work() -> PriceList:
        _lock_rules(site)
        return _write(PriceList(site=site), document)

    return in_transaction(work)


def patch_price_list(*, site: Site, slug: str, document: PriceListChange) -> PriceList:
    """Change what the document names; rules that are sent replace all. Raises NotFound and as `create_price_list`."""

    def work() -> PriceList:
        _lock_rules(site)
        return _write(_locked_list(site, slug), document)

    return in_transaction(work)


def delete_price_list(*, site: Site, slug: str) -> None:
    """Take away a list with its rules and prices.

    Raises NotFound, and InvalidDocument `resource-in-use` while a rule of another list makes prices out of it.
    """

    def work() -> None:
        _lock_rules(site)
        price_list = _locked_list(site, slug, whole=True)
        users = PriceListRule.objects.for_site(site).filter(source_price_list=price_list)
        if user := users.select_related("price_list").order_by("price_list").first():
            message = f"A rule of the price list {user.price_list.slug} makes prices out of this one."
            raise InvalidDocument(message, code="resource-in-use", property="slug")
        price_rows.drop(price_list=price_list)

    in_transaction(work)


def set_prices(*, site: Site, sku: str, rows: Sequence[VariantPricing]) -> None:
    """What a SKU costs on the lists that are named is what is sent; other lists stay. Four statements.

    Raises InvalidDocument, `resource-not-found` for a list that is not there.
    """
    if len(sku) > SKU_LENGTH:
        raise InvalidDocument(f"A SKU has at most {SKU_LENGTH} characters.", code="too-long", property="sku")
    sent = [
        SentPrices(line, row.price_list_slug, sku, sent_breaks(line, row.pricing, row.display_tax_rate))
        for line, row in enumerate(rows, start=1)
    ]

    def work() -> None:
        lists, faults = _locked_lists(site, sent)
        if faults:
            raise InvalidDocument(faults=faults)
        price_rows.replace_prices(site=site, sent=sent, lists=lists)

    if sent:
        in_transaction(work)


def update_price_list(*, site: Site, slug: str, sent: Sequence[SentPrices]) -> None:
    """What each SKU that is named costs on this list is what is sent; other SKUs stay. Four statements.

    Raises NotFound and FaultyRows.
    """
    check_sent(sent)

    def work() -> None:
        price_list = _locked_list(site, slug)
        if sent:
            price_rows.replace_prices(site=site, sent=sent, lists={"": price_list.pk})

    in_transaction(work)


def update_prices(*, site: Site, sent: Sequence[SentPrices]) -> list[Written]:
    """What each pair of SKU and list costs is what is sent; others stay. Four statements.

    Answers what was done with the pair of each item. Raises FaultyRows, and NotFound naming every list that is not
    there.
    """
    check_sent(sent)

    def work() -> list[Written]:
        lists, faults = _locked_lists(site, sent)
        if faults:
            raise NotFound(faults=faults)
        done = price_rows.replace_prices(site=site, sent=sent, lists=lists)
        return [done[lists[item.price_list_slug], item.sku] for item in sent]

    return in_transaction(work) if sent else []


def empty_price_list(*, site: Site, slug: str) -> None:
    """Take away every price of a list; its rules stay. Raises NotFound."""
    in_transaction(lambda: price_rows.empty(price_list=_locked_list(site, slug)))


def _lock_rules(site: Site) -> None:
    """One writer at a time changes what is made out of what on a site: two could close a circle together."""
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)


def _locked_list(site: Site, slug: str, *, whole: bool = False) -> PriceList:
    """The list, under its lock; `whole`: so that nobody refers to it meanwhile either. Raises NotFound."""
    price_list = PriceList.objects.for_site(site).filter(slug=slug).select_for_update(no_key=not whole).first()
    if price_list is None:
        raise NotFound
    price_list.site = site
    return price_list


def _locked_lists(site: Site, sent: Sequence[SentPrices]) -> tuple[dict[str, int], list[Fault]]:
    """Our numbers of the lists by slug, under their locks; `resource-not-found` for each that is not there."""
    rows = PriceList.objects.for_site(site).filter(slug__in={item.price_list_slug for item in sent})
    lists = dict(rows.order_by("pk").select_for_update(no_key=True).values_list("slug", "pk"))
    unknown: dict[str, int] = {}
    for item in sent:
        if item.price_list_slug not in lists:
            unknown.setdefault(item.price_list_slug, item.line)
    return lists, [
        Fault("resource-not-found", f"[{line - 1}].{SLUG}", f"{SLUG} not found: {slug}")
        for slug, line in unknown.items()
    ][:1_000]


def _write(price_list: PriceList, document: PriceListChange) -> PriceList:
    site, sent = price_list.site, document.model_fields_set
    others = PriceList.objects.for_site(site).exclude(pk=price_list.pk)
    if "slug" in sent and others.filter(slug=document.slug).exists():
        message = "Another price list has this slug."
        raise InvalidDocument(message, code="resource-already-exists", property="slug")
    if not price_list._state.adding and "currency_code" in sent and document.currency_code != price_list.currency_code:
        _check_currency(price_list, rules_are_sent="rules" in sent)
    for name in sent - {"rules"}:
        setattr(price_list, name, getattr(document, name))
    price_list.save()
    if "rules" in sent:
        _write_rules(price_list, document.rules)
    return price_list


def _check_currency(price_list: PriceList, *, rules_are_sent: bool) -> None:
    """Raises InvalidDocument where another currency would leave a rule with the rate of the former one.

    The list's own rules have to be sent with it; a rule of another list, made out of this one, has to go first.
    """
    rules = PriceListRule.objects.for_site(price_list.site)
    if not rules_are_sent and rules.filter(price_list=price_list).exists():
        message = "With another currency the rules have to be sent too, as their rates are of the former one."
        raise InvalidDocument(message, code="rules-needed", property="rules")
    users = rules.filter(source_price_list=price_list).select_related("price_list").order_by("price_list")
    if user := users.first():
        message = f"A rule of the price list {user.price_list.slug} makes prices out of this one."
        raise InvalidDocument(message, code="resource-in-use", property="currency_code")


def _write_rules(price_list: PriceList, rules: Sequence[RuleDocument]) -> None:
    site = price_list.site
    slugs = [rule.source_price_list_slug for rule in rules]
    sources = {row.slug: row for row in PriceList.objects.for_site(site).filter(slug__in=slugs)}
    if faults := _faults_of(price_list, rules, sources):
        raise InvalidDocument(faults=faults)
    own = PriceListRule.objects.for_site(site).filter(price_list=price_list)
    own.delete()
    PriceListRule.objects.bulk_create(
        PriceListRule(
            site=site,
            price_list=price_list,
            position=position,
            source_price_list=sources[rule.source_price_list_slug],
            adjustment_percentage=rule.adjustment_percentage,
            adjustment_direction=rule.adjustment_direction,
            currency_exchange_rate=rule.currency_exchange_rate,
        )
        for position, rule in enumerate(rules)
    )


def _faults_of(price_list: PriceList, rules: Sequence[RuleDocument], sources: dict[str, PriceList]) -> list[Fault]:
    """What keeps these rules from being the list's."""
    edges = PriceListRule.objects.for_site(price_list.site).exclude(price_list=price_list)
    others: Collection[tuple[int, int]] = list(edges.values_list("price_list", "source_price_list"))
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, rule in enumerate(rules):
        slug, path = rule.source_price_list_slug, f"rules[{place}].source_price_list_slug"
        source = sources.get(slug)
        if source is None:
            faults.append(Fault("resource-not-found", path, f"source_price_list_slug not found: {slug}"))
        elif slug in seen:
            faults.append(Fault("repeated", path, f"Another rule of this list has the source {slug}."))
        else:
            faults += _fault_of_edge(price_list, source, others, path)
            if source.currency_code != price_list.currency_code and not _has_rate(rule):
                path = f"rules[{place}].currency_exchange_rate"
                pair = f"{source.currency_code} to {price_list.currency_code}"
                faults.append(Fault("required", path, f"A rule from {pair} needs a rate."))
        seen.add(slug)
    return faults


def _fault_of_edge(
    price_list: PriceList, source: PriceList, others: Collection[tuple[int, int]], path: str
) -> list[Fault]:
    edges = [*others, (price_list.pk, source.pk)]
    if is_cyclic(edges, price_list.pk):
        return [Fault("rule-cycle", path, f"{source.slug} is itself made out of {price_list.slug}.")]
    if levels_through(edges, price_list.pk) > MAX_LEVELS:
        return [Fault("too-many-levels", path, f"A chain of rules may go through at most {MAX_LEVELS} lists.")]
    return []


def _has_rate(rule: RuleDocument) -> bool:
    return "currency_exchange_rate" in rule.model_fields_set
