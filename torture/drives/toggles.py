"""Payments of a few customers are applied and un-applied by many at once: nothing may stay behind."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

from django.db import connection

from customers.models import Account
from torture.calling import Caller, in_threads
from torture.documents import PURCHASES, payment, written
from torture.outcome import Outcome
from torture.stage import Stage, wrong_books

THREADS, CUSTOMERS, PURCHASES_EACH, PAYMENTS_EACH = 16, 3, 4, 3
LOSERS = 0.01


def toggles(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("toggles")
    headers = stage.sign_in()
    first = Caller(stage.web.port, headers)
    paths = []
    for buyer, customer in enumerate(stage.make_customers("toggler", CUSTOMERS)):
        for number in range(PURCHASES_EACH):
            paths.append(f"{PURCHASES}/internal/toggle-{buyer}-{number}")
            first.call("PUT", paths[-1], written(f"toggle-{buyer}-{number}", customer=customer))
    before = _balances("toggler")
    seeds = [stage.random.random() for _ in range(THREADS)]

    def toggle(number: int) -> Counter[int]:
        caller, choose = Caller(stage.web.port, headers), random.Random(seeds[number])
        statuses: Counter[int] = Counter()
        for _ in range(size // THREADS):
            body = payment(f"pay-{choose.randrange(PAYMENTS_EACH)}", "7.01", applied=choose.random() < 0.5)
            statuses[caller.call("PUT", f"{choose.choice(paths)}/transactions", body).status] += 1
        caller.close()
        return statuses

    first.close()  # the server ends a connection that says nothing for so long
    statuses = sum(in_threads(THREADS, toggle), Counter())
    for path in paths:
        for number in range(PAYMENTS_EACH):
            answer = first.call("PUT", f"{path}/transactions", payment(f"pay-{number}", "7.01", applied=False))
            outcome.expect(answer.status == 200, f"un-applying was answered {answer.status}")
    after = _balances("toggler")
    residue = sum(abs(after[name] - before[name]) for name in before)
    losers = statuses[409] / max(1, statuses.total())
    outcome.figures = {
        "toggles": statuses.total(),
        "threads": THREADS,
        "residue": f"{residue:.2f}",
        "losers": f"{losers:.2%}",
    }
    outcome.expect(len(before) == CUSTOMERS, "the customers have no accounts to look at")
    outcome.expect(residue == 0, f"{residue} stays behind")
    outcome.expect(losers < LOSERS, f"{losers:.2%} of the toggles lost")
    outcome.expect(set(statuses) <= {200, 409}, f"answers were {dict(statuses)}")
    outcome.faults += wrong_books()
    first.close()
    return outcome


def _balances(name: str) -> dict[str, Decimal]:
    rows = Account.objects.filter(customer__external_id__startswith=name)
    found = dict(rows.values_list("customer__external_id", "balance"))
    connection.close()
    return found
