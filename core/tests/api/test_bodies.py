"""Reading JSON bodies within their limits."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import RequestFactory

from core.api.bodies import BODY_LIMIT, BYTES_AN_OBJECT, DEPTH_LIMIT, decode_json, read_json
from core.errors import DomainError, InvalidDocument, TooLarge, UnsupportedMediaType
from core.money import read_decimal


def read(body: bytes, content_type: str = "application/json", **environ: Any) -> Any:
    environ = {"CONTENT_TYPE": content_type, **environ}
    return read_json(RequestFactory().generic("PUT", "/", body, **environ))


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json;",
        "application/merge-patch+json",
        "application/vnd.shop.v1+json",
    ],
)
def test_json_by_any_of_its_names(content_type: str) -> None:
    assert read(b'{"a": 1}', content_type) == {"a": 1}


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json; charset=latin-1",
        "text/json",
        "application/xml",
        "application/json, text/plain",
    ],
)
def test_other_formats_are_refused(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        read(b'{"a": 1}', content_type)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"nothing",
        b"a=b",
        b'{"a": 1} x',
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999}',
        b'{"a": -1e999}',
        b'{"a": 01}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'{"a": "\\udc00\\ud800"}',
        b'{"a": "\x00"}',
        b'{"a": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"a": [{"b": "x\\u0000"}]}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        b"[]",
        b'"text"',
        b"1",
        b"null",
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidDocument):
        read(body)


def test_an_array_where_one_is_expected() -> None:
    assert decode_json(b"[1]", array=True) == [1]
    with pytest.raises(InvalidDocument):
        decode_json(b"{}", array=True)


def test_a_repeated_member_is_read_once_and_an_escaped_escape_is_no_nul() -> None:
    assert decode_json(b'{"a": 1, "a": 2}') == {"a": 2}
    assert decode_json(b'{"a": "\\\\u0000"}') == {"a": "\\u0000"}


@pytest.mark.parametrize(
    ("opening", "closing"), [(b'{"a":', b"}"), (b'{"a":[', b"]}"), (b'{"[[[[":', b"}")], ids=["object", "mixed", "text"]
)
def test_depth(opening: bytes, closing: bytes) -> None:
    levels = DEPTH_LIMIT // (opening.count(b"{") + opening.endswith(b"["))
    assert decode_json(opening * levels + b"1" + closing * levels)
    with pytest.raises(InvalidDocument) as refusal:
        decode_json(opening * (levels + 1) + b"1" + closing * (levels + 1))
    assert refusal.value.faults[0].code == "too-deep"


def test_many_brackets_side_by_side_are_not_deep() -> None:
    assert len(decode_json(b'{"a": [' + b"[]," * 1000 + b"{}]}")["a"]) == 1001


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (b"15.99", Decimal("15.99")),
        (b"4.0", Decimal(4)),
        (b"999999999999.999", Decimal("999999999999.999")),
        (b"1e3", Decimal(1000)),
        (b"0.1000000000000000000", Decimal("0.1")),
        (b"1.00000000000000000001", None),
        (b"0.1234567890123456", None),
        (b"9007199254740993", None),
        (b"12345678901234567890123", None),
    ],
)
def test_money_sees_the_digits_that_were_written(written: bytes, read_as: Decimal | None) -> None:
    number = decode_json(b'{"number": ' + written + b"}")["number"]
    if read_as is not None:
        assert read_decimal(number) == read_as
    else:
        with pytest.raises(ValueError, match=r"significant|decimals|digits"):
            read_decimal(number)


@pytest.mark.parametrize("number", [b"9" * 500, b"0." + b"9" * 500, b"1" + b"0" * 5000])
def test_a_number_without_end_is_refused(number: bytes) -> None:
    with pytest.raises(InvalidDocument):
        decode_json(b'{"a": ' + number + b"}")


def test_a_body_of_nothing_but_objects_is_refused() -> None:
    most = BODY_LIMIT // BYTES_AN_OBJECT
    assert len(read(b'{"a": [' + b"{}," * (most - 2) + b"{}]}")["a"]) == most - 1
    with pytest.raises(InvalidDocument) as refusal:
        read(b'{"a": [' + b"{}," * (most - 1) + b"{}]}")
    assert refusal.value.faults[0].code == "too-many"


class Unreadable(io.BytesIO):
    def read(self, *_: Any) -> bytes:
        raise AssertionError("a body over the limit is not read")


def test_a_body_over_the_limit_is_refused_unread() -> None:
    environ: dict[str, Any] = {"CONTENT_LENGTH": str(BODY_LIMIT + 1), "wsgi.input": Unreadable()}
    with pytest.raises(TooLarge):
        read(b"", **environ)


def test_the_largest_body_is_read() -> None:
    body = b'{"a": "' + b"x" * (BODY_LIMIT - 9) + b'"}'
    assert len(body) == BODY_LIMIT
    assert len(read(body)["a"]) == BODY_LIMIT - 9


@pytest.mark.parametrize(("extra", "refusal"), [(0, None), (1, TooLarge)])
def test_a_body_in_chunks_has_no_length_and_the_same_limit(extra: int, refusal: type[DomainError] | None) -> None:
    body = b'{"a": "' + b"x" * (BODY_LIMIT - 9 + extra) + b'"}'
    request = RequestFactory().generic("PUT", "/", b"", "application/json", HTTP_TRANSFER_ENCODING="chunked")
    request.META.update({"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""})
    request.META["CONTENT_TYPE"] = "application/json"
    if refusal is None:
        assert set(read_json(request)) == {"a"}
    else:
        with pytest.raises(refusal):
            read_json(request)


@pytest.mark.parametrize("length", ["-1", "x", "1.5", "\u0661"])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    with pytest.raises(InvalidDocument):
        read(b"{}", CONTENT_LENGTH=length)
