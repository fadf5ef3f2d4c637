"""Which methods goods may be sent by, and for how much, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from purchasing.shipping.choice import Band, Goods, Method

FREE = Band("free")


def fixed(amount: str, name: str = "fixed", currency_code: str = "GBP", **limits: object) -> Band:
    return Band(name, amount=Decimal(amount), currency_code=currency_code, **limits)  # type: ignore[arg-type]


def weighing(minimum: str, maximum: str | None, name: str, amount: str | None = None, priority: int = 0) -> Band:
    return Band(
        name,
        priority=priority,
        requirement="weight",
        minimum=Decimal(minimum),
        maximum=None if maximum is None else Decimal(maximum),
        amount=None if amount is None else Decimal(amount),
        currency_code="" if amount is None else "GBP",
    )


def worth(minimum: str, maximum: str | None, name: str, amount: str | None = None, priority: int = 0) -> Band:
    return Band(
        name,
        priority=priority,
        requirement="price",
        minimum=Decimal(minimum),
        maximum=None if maximum is None else Decimal(maximum),
        amount=None if amount is None else Decimal(amount),
        currency_code="GBP",
    )


def goods(grams: str = "1000", value: str = "100", country_code: str = "GB", **members: object) -> Goods:
    given: dict[str, object] = {"groups": frozenset({"default"}), "currency_code": "GBP", **members}
    return Goods(country_code=country_code, grams=Decimal(grams), value=Decimal(value), **given)  # type: ignore[arg-type]


def method(sku: str, *bands: Band, number: int = 1, **members: object) -> Method:
    given: dict[str, object] = {"countries": ["GB"], **members}
    return Method(number=number, sku=sku, title=sku, bands=bands, **given)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Case:
    """`expected`: method, band and cost, in the order they are offered."""

    said: str
    goods: Goods
    methods: list[Method]
    expected: list[tuple[str, str, str]]


PARCEL = [weighing("0", "2000", "light", "4.90"), weighing("2000", "30000", "heavy", "9.90")]
TRADE = frozenset({"at", "eu", "default"})

CASES = [
    Case("nothing is set up", goods(), [], []),
    Case("any goods, free", goods(), [method("A", FREE)], [("A", "free", "0.00")]),
    Case("a method without bands costs nothing known", goods(), [method("A")], []),
    Case("another country", goods(country_code="IE"), [method("A", FREE)], []),
    Case(
        "letters of a country in whatever case", goods(country_code="gb"), [method("A", FREE)], [("A", "free", "0.00")]
    ),
    Case("two letters are not three", goods(country_code="GBR"), [method("A", FREE)], []),
    Case("default is everybody", goods(groups=TRADE), [method("A", FREE)], [("A", "free", "0.00")]),
    Case("the own group", goods(groups=TRADE), [method("A", FREE, groups=["at"])], [("A", "free", "0.00")]),
    Case("a group above", goods(groups=TRADE), [method("A", FREE, groups=["us", "eu"])], [("A", "free", "0.00")]),
    Case("another group", goods(groups=TRADE), [method("A", FREE, groups=["us"])], []),
    Case("no group is nobody", goods(), [method("A", FREE, groups=[])], []),
    Case("weight, below", goods("1999"), [method("A", *PARCEL)], [("A", "light", "4.90")]),
    Case("weight, on the limit the first counts", goods("2000"), [method("A", *PARCEL)], [("A", "light", "4.90")]),
    Case("weight, above", goods("2000.5"), [method("A", *PARCEL)], [("A", "heavy", "9.90")]),
    Case("weight, the upper limit is included", goods("30000"), [method("A", *PARCEL)], [("A", "heavy", "9.90")]),
    Case("weight, too much for all", goods("30000.1"), [method("A", *PARCEL)], []),
    Case("no upper limit", goods("99999"), [method("A", weighing("5", None, "any"))], [("A", "any", "0.00")]),
    Case("a limit of 0 is none", goods("99999"), [method("A", weighing("0", "0", "any"))], [("A", "any", "0.00")]),
    Case("value, below", goods(value="99.99"), [method("A", worth("100", None, "free"))], []),
    Case("value, reached", goods(value="100"), [method("A", worth("100", None, "free"))], [("A", "free", "0.00")]),
    Case(
        "value in another currency",
        goods(value="100", currency_code="EUR"),
        [method("A", worth("100", None, "free"), fixed("5", "euros", "EUR"))],
        [("A", "euros", "5.00")],
    ),
    Case(
        "of bands the one of lower priority",
        goods(value="300"),
        [method("A", fixed("5", "usual", priority=2), worth("250", None, "free", priority=1))],
        [("A", "free", "0.00")],
    ),
    Case(
        "of equal bands the one written first",
        goods(),
        [method("A", fixed("5", "first"), fixed("4", "second"))],
        [("A", "first", "5.00")],
    ),
    Case(
        "methods by priority, then age",
        goods(),
        [
            method("C", FREE, number=3, priority=1),
            method("B", FREE, number=2, priority=5),
            method("A", FREE, number=1, priority=5),
        ],
        [("C", "free", "0.00"), ("A", "free", "0.00"), ("B", "free", "0.00")],
    ),
    Case("a cost is rounded once", goods(), [method("A", fixed("4.905"))], [("A", "fixed", "4.91")]),
    Case(
        "to the decimals of its currency",
        goods(currency_code="JPY"),
        [method("A", fixed("490.5", currency_code="JPY"))],
        [("A", "fixed", "491")],
    ),
]
