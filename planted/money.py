"""Defects that make money wrong."""

from __future__ import annotations

from planted.defect import Defect, Edit

MONEY: tuple[Defect, ...] = (
    Defect(
        "Lost update on a balance",
        "the balance moves from what the statement saw when it began",
        Edit(
            "customers/ledger.py",
            "SET balance = stored.balance + EXCLUDED.balance,",
            "SET balance = (SELECT seen.balance FROM customers_account AS seen WHERE seen.id = stored.id)"
            " + EXCLUDED.balance,",
        ),
        "customers/tests/test_ledger.py::test_sixteen_threads_posting_to_one_account_lose_nothing",
    ),
    Defect(
        "Concurrent toggle or replay",
        "a purchase is not locked while its transaction is recorded",
        Edit(
            "purchasing/store/finding.py",
            "f\"ORDER BY id{' FOR NO KEY UPDATE' if lock else ''}\"",
            "f\"ORDER BY id{' FOR NO KEY UPDATE' if lock and whole else ''}\"",
        ),
        "purchasing/tests/test_races.py::test_payments_on_one_purchase_all_count",
        "purchasing/tests/test_races.py::test_toggles_leave_no_residue",
    ),
    Defect(
        "A revert uses the new amount, currency or customer",
        "a changed amount is posted whole",
        Edit(
            "purchasing/effects.py",
            "amount=should - transaction.posted_amount,",
            "amount=should or transaction.total,",
        ),
        "purchasing/tests/test_transactions.py::test_a_correction_posts_the_difference_and_a_reversal_the_rest",
    ),
    Defect(
        "A revert uses the new amount, currency or customer",
        "a charge is taken back in the new currency",
        Edit(
            "purchasing/effects.py",
            "currency_code=purchase.posted_currency_code,\n        kind=kind,",
            "currency_code=purchase.currency_code,\n        kind=kind,",
        ),
        "purchasing/tests/test_accounts.py::test_a_charge_moves_with_the_currency",
    ),
    Defect(
        "A revert uses the new amount, currency or customer",
        "a payment is taken back from today's parent",
        Edit(
            "purchasing/effects.py",
            "    if purchase.account_id is not None:\n        return",
            "    if False:\n        return",
        ),
        "purchasing/tests/test_accounts.py::test_changing_a_parent_moves_nothing",
    ),
    Defect(
        "The customer changes while money is applied",
        "only taking the customer away is refused",
        Edit(
            "purchasing/guards.py",
            "if payer is None or payer.account_id != stored.account_id:",
            "if payer is None:",
        ),
        "purchasing/tests/test_accounts.py::test_with_applied_transactions_nothing_moves",
    ),
    Defect(
        "Money rows are changed past the signals",
        "transactions can be updated in bulk",
        Edit(
            "purchasing/models/guarded.py",
            "def update(self, **kwargs: Any) -> int:\n        self._refuse()",
            "def update(self, **kwargs: Any) -> int:\n        return super().update(**kwargs)",
        ),
        "purchasing/tests/test_transaction_model.py::test_bulk_writes_that_pass_the_signals_by_are_refused",
    ),
    Defect(
        "Money rows are changed past the signals",
        "ledger entries can be made in bulk",
        Edit(
            "customers/models/ledger.py",
            "def bulk_create(self, *args: object, **kwargs: object) -> list[Row]:\n        raise TypeError(REFUSAL)",
            "def bulk_create(self, *args, **kwargs):\n        return super().bulk_create(*args, **kwargs)",
        ),
        "customers/tests/test_ledger.py::test_nothing_is_written_past_the_ledger",
    ),
    Defect(
        "Money rows are changed past the signals",
        "a row that was read earlier writes back what stood posted then",
        Edit(
            "purchasing/models/transaction.py",
            'kwargs["update_fields"] = _CHANGEABLE & set(kwargs.get("update_fields") or _CHANGEABLE)',
            "pass",
        ),
        "purchasing/tests/test_transaction_model.py::test_an_instance_read_earlier_does_not_post_twice",
    ),
    Defect(
        "Deleting in the back office, one or many",
        "a transaction that is deleted stays posted",
        Edit("purchasing/signals.py", "    effects.take_back_transaction(instance)", "    pass"),
        "purchasing/tests/admin/test_transaction_pages.py::test_deleting_one_unapplies_it_first",
    ),
    Defect(
        "Deleting in the back office, one or many",
        "many are deleted past the operation",
        Edit(
            "purchasing/admin/transactions.py",
            "            if _stands(transaction):\n                self.delete_model(request, transaction)",
            "            queryset.model.objects.filter(pk=transaction.pk)._raw_delete('default')",
        ),
        "purchasing/tests/admin/test_transaction_pages.py::test_many_are_unapplied_or_deleted_at_once",
    ),
    Defect(
        "Overflow and rounding",
        "halves are rounded to the even penny",
        Edit(
            "core/money.py",
            "return number.quantize(_QUANTUM[EXPONENTS[currency_code]], rounding=ROUND_HALF_UP)",
            'return number.quantize(_QUANTUM[EXPONENTS[currency_code]], rounding="ROUND_HALF_EVEN")',
        ),
        "core/tests/test_money.py::test_rounds_half_up_to_the_digits_of_the_currency",
    ),
    Defect(
        "Overflow and rounding",
        "an amount may have a digit more than there is room for",
        Edit(
            "core/money.py",
            "if number and number.adjusted() >= whole_digits:",
            "if number and number.adjusted() > whole_digits:",
        ),
        "core/tests/test_money.py::test_refuses_what_is_no_amount",
    ),
    Defect(
        "A refund in another currency",
        "money in any currency is applied",
        Edit("purchasing/guards.py", "if apply_to_balance and currency_code != purchase.currency_code:", "if False:"),
        "purchasing/tests/test_transactions.py::test_an_applied_one_has_to_be_in_the_purchases_currency",
    ),
)
