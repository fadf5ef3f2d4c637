"""The examples of the API's description are what the API takes and answers."""

from __future__ import annotations

from typing import Any

import pytest
from drf_spectacular.utils import OpenApiExample
from pydantic import BaseModel

from customers.api import examples
from customers.api.answers import AddressAnswer, AddressRows, CustomerAnswer, CustomerRows, WrittenCustomerAnswer
from customers.api.entries import LedgerEntryAnswer, LedgerRows
from customers.api.group_answers import GroupRows, GroupSettingRows
from customers.documents import AddressChange, CustomerChange, NewAddress, NewCustomer, NewEntry, WholeCustomer
from customers.group_documents import GroupChange, GroupSettings, NewGroup


@pytest.mark.parametrize(
    ("example", "model"),
    [
        (examples.CREATED, NewCustomer),
        (examples.PATCHED, CustomerChange),
        (examples.REPLACED, WholeCustomer),
        (examples.ADDRESS_ADDED, NewAddress),
        (examples.ADDRESS_PATCHED, AddressChange),
        (examples.CUSTOMER, CustomerAnswer),
        (examples.CUSTOMERS, CustomerRows),
        (examples.ADDRESS, AddressAnswer),
        (examples.ADDRESSES, AddressRows),
        (examples.WRITTEN, WrittenCustomerAnswer),
        (examples.LEDGER, LedgerRows),
        (examples.POSTED, NewEntry),
        (examples.ENTRY, LedgerEntryAnswer),
        (examples.GROUP_CREATED, NewGroup),
        (examples.GROUP_PATCHED, GroupChange),
        (examples.GROUPS, GroupRows),
        (examples.GROUP_SETTINGS_PATCHED, GroupSettings),
        (examples.GROUP_SETTINGS, GroupSettingRows),
    ],
    ids=lambda value: getattr(value, "name", None) or getattr(value, "__name__", ""),
)
def test_an_example_is_one_of_its_kind_and_has_no_other_members(
    example: OpenApiExample, model: type[BaseModel]
) -> None:
    read = model.model_validate(example.value).model_dump(mode="json", exclude_unset=True)
    assert members(read) == members(example.value)


def members(value: Any) -> Any:
    if isinstance(value, list):
        return [members(item) for item in value]
    return {name: members(item) for name, item in value.items()} if isinstance(value, dict) else None
