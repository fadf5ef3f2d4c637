"""Faults that somebody at a database prompt could plant, and the fields that are then wrong."""

from __future__ import annotations

A_1 = "(SELECT id FROM purchasing_purchase WHERE internal_id = 'A-1' ORDER BY id LIMIT 1)"
ENTRY = f"(SELECT id FROM customers_accountentry WHERE purchase_id = {A_1} ORDER BY id LIMIT 1)"
LAST_ENTRY = f"(SELECT max(id) FROM customers_accountentry WHERE purchase_id = {A_1})"
T_1 = f"(SELECT id FROM purchasing_purchasetransaction WHERE platform_id = 't1' AND purchase_id = {A_1})"
T_3 = f"(SELECT id FROM purchasing_purchasetransaction WHERE platform_id = 't3' AND purchase_id = {A_1})"
ACCOUNT = f"(SELECT account_id FROM customers_accountentry WHERE id = {ENTRY})"
BYSTANDER = "(SELECT id FROM customers_customer WHERE company_name = 'Summit Supplies')"
A_7 = A_1.replace("A-1", "A-7")
A_8 = A_1.replace("A-1", "A-8")
REST = "site_id, amount, value_date, due_date, posted_at, reference, reason, author"


def decided(status: str, *, revision: int = 1, total: str = "100.00") -> str:
    """A decision, as SQL."""
    money = f'{{"number": "{total}", "currency": "GBP"}}'
    return f"""'{{"status": "{status}", "revision": {revision}, "total": {money}}}'"""


PLANTED: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "a balance": (
        f"""UPDATE customers_account SET balance = balance + 1 WHERE id = {ACCOUNT}""",
        {("account", "balance")},
    ),
    "a time of the last entry": (
        f"""UPDATE customers_account SET posted_at = posted_at - interval '1 day' WHERE id = {ACCOUNT}""",
        {("account", "posted_at")},
    ),
    "a missing entry": (
        f"""DELETE FROM customers_accountentry WHERE id = {ENTRY}""",
        {("account", "balance"), ("chain", "balance_after"), ("ledger", "amount")},
    ),
    "the last entry missing": (
        f"""DELETE FROM customers_accountentry WHERE id = {LAST_ENTRY}""",
        {("account", "balance"), ("ledger", "amount")},
    ),
    "a doubled entry": (
        f"""INSERT INTO customers_accountentry (account_id, kind, balance_after, purchase_id, transaction_id, {REST})
        SELECT account_id, kind, balance_after, purchase_id, transaction_id, {REST}
        FROM customers_accountentry WHERE id = {ENTRY}""",
        {("account", "balance"), ("chain", "balance_after"), ("ledger", "amount")},
    ),
    "a doubled entry that moved the balance": (
        f"""WITH doubled AS (
            INSERT INTO customers_accountentry (account_id, kind, balance_after, purchase_id, transaction_id, {REST})
            SELECT account_id, kind, balance_after + amount, purchase_id, transaction_id, {REST}
            FROM customers_accountentry WHERE id = {LAST_ENTRY} RETURNING account_id, amount
        )
        UPDATE customers_account SET balance = balance + doubled.amount FROM doubled WHERE id = doubled.account_id""",
        {("ledger", "amount")},
    ),
    "an entry with another amount": (
        f"""UPDATE customers_accountentry SET amount = amount + 5 WHERE id = {ENTRY}""",
        {("account", "balance"), ("chain", "balance_after"), ("ledger", "amount")},
    ),
    "an entry of no purchase": (
        f"""INSERT INTO customers_accountentry (account_id, kind, balance_after, reference_owner_id, {REST})
        SELECT account_id, 'opening', balance_after,
            (SELECT customer_id FROM customers_account WHERE id = account_id), {REST}
        FROM customers_accountentry WHERE id = {ENTRY}""",
        {("account", "balance"), ("chain", "balance_after")},
    ),
    "an entry of an unknown purchase": (
        f"""INSERT INTO customers_accountentry (account_id, kind, balance_after, purchase_id, {REST})
        SELECT account_id, kind, balance_after, 987654321, {REST} FROM customers_accountentry WHERE id = {ENTRY}""",
        {("account", "balance"), ("chain", "balance_after"), ("ledger", "amount")},
    ),
    "a chain": (
        f"""UPDATE customers_accountentry SET balance_after = balance_after + 3 WHERE id = {ENTRY}""",
        {("chain", "balance_after")},
    ),
    "an entry on another account": (
        f"""UPDATE customers_accountentry
        SET account_id = (SELECT id FROM customers_account WHERE customer_id = {BYSTANDER}) WHERE id = {ENTRY}""",
        {("account", "balance"), ("chain", "balance_after"), ("ledger", "amount")},
    ),
    "a purchase of another account": (
        f"""UPDATE purchasing_purchase SET account_id = {BYSTANDER} WHERE id = {A_1}""",
        {("purchase", "account_id")},
    ),
    "a purchase of no account": (
        f"""UPDATE purchasing_purchase SET account_id = NULL, posted_currency_code = '', posted_charge = 0
        WHERE id = {A_1}""",
        {("purchase", "account_id"), ("purchase", "posted_charge"), ("purchase", "posted_currency_code")},
    ),
    "a posted charge": (
        f"""UPDATE purchasing_purchase SET posted_charge = posted_charge - 1 WHERE id = {A_1}""",
        {("purchase", "posted_charge")},
    ),
    "a value date": (
        f"""UPDATE purchasing_purchase SET charge_value_date = charge_value_date + 1 WHERE id = {A_1}""",
        {("purchase", "charge_value_date")},
    ),
    "a posted transaction": (
        f"""UPDATE purchasing_purchasetransaction SET posted_amount = posted_amount + 2 WHERE id = {T_1}""",
        {("transaction", "posted_amount")},
    ),
    "a transaction changed past the signal": (
        f"""UPDATE purchasing_purchasetransaction SET total = 11 WHERE id = {T_1}""",
        {
            ("history", "total"),
            ("ledger", "amount"),
            ("purchase", "outstanding"),
            ("purchase", "paid"),
            ("transaction", "posted_amount"),
        },
    ),
    "a transaction applied past the signal": (
        f"""UPDATE purchasing_purchasetransaction SET apply_to_balance = true WHERE id = {T_3}""",
        {
            ("history", "currency_code"),
            ("history", "total"),
            ("history", "type"),
            ("ledger", "amount"),
            ("purchase", "outstanding"),
            ("purchase", "paid"),
            ("transaction", "posted_amount"),
        },
    ),
    "a missing history item": (
        f"""DELETE FROM purchasing_purchasehistory WHERE transaction_id = {T_1}""",
        {("history", "currency_code"), ("history", "total"), ("history", "type")},
    ),
    "a stray history item": (
        f"""INSERT INTO purchasing_purchasehistory
        (id, site_id, purchase_id, transaction_id, type, message, total, currency_code, created_at)
        SELECT gen_random_uuid(), site_id, purchase_id, id, 'payment', 'Payment', total, currency_code, now()
        FROM purchasing_purchasetransaction WHERE id = {T_3}""",
        {("history", "currency_code"), ("history", "total"), ("history", "type")},
    ),
    "a history item of another total": (
        f"""UPDATE purchasing_purchasehistory SET total = 12, type = 'refund' WHERE transaction_id = {T_1}""",
        {("history", "total"), ("history", "type")},
    ),
    "a history item on another purchase": (
        f"""UPDATE purchasing_purchasehistory
        SET purchase_id = (SELECT id FROM purchasing_purchase WHERE internal_id = 'A-2')
        WHERE transaction_id = {T_1}""",
        {("history", "currency_code"), ("history", "total"), ("history", "type")},
    ),
    "a total": (
        f"""UPDATE purchasing_purchase SET calculated_total = 1 WHERE id = {A_1}""",
        {("purchase", "calculated_total")},
    ),
    "a credit": (
        f"""UPDATE purchasing_purchase SET credited = 1, amount_due = 2 WHERE id = {A_1}""",
        {("purchase", "amount_due"), ("purchase", "credited")},
    ),
    "quantities": (
        f"""UPDATE purchasing_purchase SET open_quantity = 9, returned_quantity = 9 WHERE id = {A_1}""",
        {("purchase", "open_quantity"), ("purchase", "returned_quantity")},
    ),
    "a fulfilment status": (
        f"""UPDATE purchasing_purchase SET calculated_fulfilment_status = 'shipped' WHERE id = {A_1}""",
        {("purchase", "calculated_fulfilment_status")},
    ),
    "a payment status": (
        f"""UPDATE purchasing_purchase SET calculated_payment_status = NULL WHERE id = {A_1}""",
        {("purchase", "calculated_payment_status")},
    ),
    "what was paid": (
        f"""UPDATE purchasing_purchase SET paid = 0, refunded = 0, outstanding = 0, credit = 1 WHERE id = {A_1}""",
        {("purchase", "credit"), ("purchase", "outstanding"), ("purchase", "paid"), ("purchase", "refunded")},
    ),
    "a type": (
        f"""UPDATE purchasing_purchase SET type = 'cart' WHERE id = {A_1}""",
        {("purchase", "type")},
    ),
    "a customer": (
        f"""UPDATE purchasing_purchase SET customer_id = NULL WHERE id = {A_1}""",
        {("purchase", "customer_id")},
    ),
    "a date": (
        f"""UPDATE purchasing_purchase SET placed_at = NULL, ordered_at = now() WHERE id = {A_1}""",
        {("purchase", "ordered_at"), ("purchase", "placed_at")},
    ),
    "a line's gross": (
        f"""UPDATE purchasing_lineitem SET gross = 1 WHERE sku = 'CHALK' AND purchase_id = {A_1}""",
        {("line", "gross")},
    ),
    "a missing line": (
        f"""DELETE FROM purchasing_lineitem WHERE sku = 'CHALK' AND purchase_id = {A_1}""",
        {("line", "gross"), ("line", "quantity"), ("line", "sku")},
    ),
    "a package's state": (
        f"""UPDATE purchasing_package SET state = 'shipped' WHERE position = 0 AND purchase_id = {A_1}""",
        {("package", "state")},
    ),
    "a stray package with a line": (
        f"""WITH added AS (
            INSERT INTO purchasing_package (
                id, site_id, purchase_id, position, spark_package_id, platform_id, internal_id, visible_id, state,
                shipping_name, shipping_net, shipping_gross, ship_to, tracking
            )
            SELECT nextval('purchasing_part_number'), site_id, id, 2, gen_random_uuid(), '', '', '', 'processing',
                '', 0, 0, '', '[]'
            FROM purchasing_purchase WHERE id = {A_1} RETURNING id, site_id, purchase_id
        )
        INSERT INTO purchasing_lineitem (
            id, site_id, purchase_id, package_id, position, sku, name_parent, name_child, quantity, total_net,
            discount_net, gross
        )
        SELECT nextval('purchasing_part_number'), site_id, purchase_id, id, 0, '', 'x', '', 1, 1, 0, 1 FROM added""",
        {("line", "gross"), ("package", "state")},
    ),
    "a document without its revision": (
        f"""UPDATE purchasing_purchase SET contents = '{{"packages": [], "accounting_files": []}}' WHERE id = {A_1}""",
        {("document", "contents"), ("line", "gross"), ("package", "state"), ("purchase", "calculated_total")},
    ),
    "a revision's number": (
        f"""UPDATE purchasing_purchase SET revision = 7 WHERE id = {A_1}""",
        {("document", "revision")},
    ),
    "an approval of another revision": (
        f"""UPDATE purchasing_purchase SET approval = {decided("approved", revision=7)} WHERE id = {A_7}""",
        {("purchase", "approval")},
    ),
    "an approval of another total": (
        f"""UPDATE purchasing_purchase SET approval = {decided("approved", total="99.99")} WHERE id = {A_7}""",
        {("purchase", "approval")},
    ),
    "an approval of what needs none": (
        f"""UPDATE purchasing_purchase SET approval = {decided("approved")} WHERE id = {A_1}""",
        {("purchase", "approval")},
    ),
    "a rejected order": (
        f"""UPDATE purchasing_purchase SET approval = jsonb_set(approval, '{{status}}', '"rejected"')
        WHERE id = {A_8}""",
        {("purchase", "approval")},
    ),
    "a rejection of a quote that is open": (
        f"""UPDATE purchasing_purchase SET approval = {decided("rejected", revision=0)} WHERE internal_id = 'A-3'""",
        {("purchase", "approval")},
    ),
    "a total in US dollars": (
        f"""UPDATE purchasing_purchase SET calculated_total_usd = 1 WHERE id = {A_1}""",
        {("purchase", "calculated_total_usd")},
    ),
    "an exchange rate that is gone": (
        f"""UPDATE purchasing_purchase
        SET calculated_total_usd = NULL, usd_rate = NULL, usd_rate_date = NULL, usd_rate_source = NULL
        WHERE id = {A_1}""",
        {
            ("purchase", "calculated_total_usd"),
            ("purchase", "usd_rate"),
            ("purchase", "usd_rate_date"),
            ("purchase", "usd_rate_source"),
        },
    ),
    "an exchange rate of a later day": (
        f"""UPDATE purchasing_purchase SET usd_rate_date = placed_at::date + 2 WHERE id = {A_1}""",
        {("purchase", "usd_rate_date")},
    ),
    "an exchange rate that is too old": (
        f"""UPDATE purchasing_purchase SET usd_rate_date = placed_at::date - 61 WHERE id = {A_1}""",
        {("purchase", "usd_rate_date")},
    ),
    "a pound at par": (
        f"""UPDATE purchasing_purchase SET usd_rate = 1, usd_rate_source = 'par',
        calculated_total_usd = calculated_total WHERE id = {A_1}""",
        {("purchase", "calculated_total_usd"), ("purchase", "usd_rate"), ("purchase", "usd_rate_source")},
    ),
    "a dollar at a rate": (
        """UPDATE purchasing_purchase SET usd_rate = 2, calculated_total_usd = calculated_total * 2
        WHERE internal_id = 'A-6'""",
        {("purchase", "calculated_total_usd"), ("purchase", "usd_rate")},
    ),
    "a rate that arrived unnoticed": (
        """INSERT INTO pricing_exchangerate (currency_code, date, usd_per_unit, source)
        VALUES ('SEK', '2026-03-01', 0.1, 'ECB')""",
        {("purchase", "calculated_total_usd"), ("purchase", "usd_rate"), ("purchase", "warned")},
    ),
    "warnings of the document that are gone": (
        """UPDATE purchasing_purchase SET warnings = '[]' WHERE internal_id = 'A-5'""",
        {("purchase", "warned")},
    ),
    "warnings of the document that never were due": (
        f"""UPDATE purchasing_purchase
        SET warnings = '[{{"code": "total-mismatch"}}, {{"code": "usd-rate-missing"}}]'
        WHERE id = {A_1}""",
        {("purchase", "warned")},
    ),
    "a warning": (
        f"""UPDATE purchasing_purchase SET warnings = '[{{"code": "over-refunded"}}]' WHERE id = {A_1}""",
        {("purchase", "warned")},
    ),
}
