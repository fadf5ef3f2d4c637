-- What stands posted, and what should -----------------------------------------------------------------------------
entry AS MATERIALIZED (
    SELECT
        held.site_id, held.id, held.purchase_id, held.transaction_id, held.amount, held.value_date,
        account.customer_id, account.currency_code
    FROM customers_accountentry AS held
    JOIN customers_account AS account ON account.id = held.account_id
    WHERE held.site_id = ANY($1::bigint[]) AND held.purchase_id BETWEEN $2::bigint AND $3::bigint
),
standing AS MATERIALIZED (
    SELECT site_id, purchase_id, transaction_id, customer_id, currency_code, sum(amount) AS amount
    FROM entry GROUP BY 1, 2, 3, 4, 5 HAVING sum(amount) <> 0
),
charge AS MATERIALIZED (
    SELECT
        id AS purchase_id,
        CASE
            WHEN payer IS NULL OR deleted_at IS NOT NULL OR head ->> 'type' <> 'order' THEN 0
            WHEN charge_posting = 'all_orders' THEN due
            WHEN charge_posting = 'on_account' AND lower(head ->> 'payment_method')
                IN ('on_account', 'paymentonaccount', 'invoice', 'paymentbyinvoice') THEN due
            ELSE 0
        END AS amount
    FROM figure
),
-- The account is kept while anything of the purchase stands on it; otherwise it is the payer's top-most parent today.
keeping AS (
    SELECT DISTINCT figure.id AS purchase_id, figure.account_id AS owner
    FROM figure
    JOIN standing ON standing.purchase_id = figure.id AND standing.customer_id = figure.account_id
),
climb AS (
    SELECT figure.id AS purchase_id, customer.id AS customer_id, customer.parent_id
    FROM figure
    JOIN charge ON charge.purchase_id = figure.id
    JOIN customers_customer AS customer ON customer.id = figure.payer
    LEFT JOIN keeping ON keeping.purchase_id = figure.id
    WHERE keeping.purchase_id IS NULL AND (figure.any_applied OR charge.amount <> 0)
    UNION
    SELECT climb.purchase_id, parent.id, parent.parent_id
    FROM climb JOIN customers_customer AS parent ON parent.id = climb.parent_id
),
owner AS MATERIALIZED (
    SELECT purchase_id, owner FROM keeping
    UNION ALL
    SELECT purchase_id, customer_id FROM climb WHERE parent_id IS NULL
),
owed AS MATERIALIZED (
    SELECT
        figure.site_id, figure.id AS purchase_id, NULL::uuid AS transaction_id, owner.owner AS customer_id,
        figure.head ->> 'currency_code' AS currency_code, charge.amount
    FROM figure
    JOIN charge ON charge.purchase_id = figure.id AND charge.amount <> 0
    JOIN owner ON owner.purchase_id = figure.id
    UNION ALL
    SELECT
        figure.site_id, figure.id, transaction.id, owner.owner, figure.head ->> 'currency_code', -transaction.total
    FROM figure
    JOIN transaction ON transaction.purchase_id = figure.id AND transaction.applied
    JOIN owner ON owner.purchase_id = figure.id
    WHERE figure.payer IS NOT NULL
),
owing AS (
    SELECT purchase_id, min(customer_id) AS customer_id FROM owed GROUP BY purchase_id
),
first_charge AS (
    SELECT DISTINCT ON (purchase_id) purchase_id, value_date
    FROM entry WHERE transaction_id IS NULL
    ORDER BY purchase_id, id
),
revision AS (
    SELECT DISTINCT ON (held.purchase_id)
        held.purchase_id, held.number, held.header, held.contents,
        count(*) OVER (PARTITION BY held.purchase_id) AS stored
    FROM purchasing_purchaserevision AS held
    WHERE held.site_id = ANY($1::bigint[]) AND held.purchase_id BETWEEN $2::bigint AND $3::bigint
    ORDER BY held.purchase_id, held.number DESC
),
