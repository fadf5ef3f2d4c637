-- What the rows of some purchases should hold, worked out afresh from the senders' documents, the transactions and the
-- ledger entries; answers the rows that hold something else. The files purchases_*.sql are one statement, in
-- the order of their numbers, hence see one moment in time.
--
-- $1 sites (ids), $2 and $3 first and last purchase id (both included), $4 exponents (JSON: currency → decimals).
-- Answers: part, site_id, purchase_id, key (of the row), stored and should (JSON objects; NULL: no such row).
WITH RECURSIVE purchase AS MATERIALIZED (
    SELECT
        held.*,
        held.header::jsonb AS head,
        code.places,
        ('1e-' || code.places)::numeric AS unit
    FROM purchasing_purchase AS held
    CROSS JOIN LATERAL (SELECT ($4::jsonb ->> (held.header::jsonb ->> 'currency_code'))::integer AS places) AS code
    WHERE held.site_id = ANY($1::bigint[]) AND held.id BETWEEN $2::bigint AND $3::bigint
),

-- The document's packages and lines, with what each comes to ------------------------------------------------------
package AS MATERIALIZED (
    SELECT
        purchase.site_id, purchase.id AS purchase_id, purchase.places, purchase.unit, item.position - 1 AS position,
        item.sent,
        substr(item.sent ->> 'id', 5)::bigint AS id,
        CASE
            WHEN item.sent #>> '{dates,cancelled_at}' IS NOT NULL THEN 'cancelled'
            WHEN item.sent #>> '{dates,returned_at}' IS NOT NULL THEN 'returned'
            WHEN item.sent #>> '{dates,shipped_at}' IS NOT NULL THEN 'shipped'
            WHEN item.sent ->> 'type' = 'cancelled' THEN 'cancelled'
            WHEN item.sent ->> 'type' = 'refund' THEN 'returned'
            WHEN item.sent ->> 'type' = 'shipment' THEN 'shipped'
            ELSE 'processing'
        END AS state,
        round(COALESCE(
            (freight #>> '{total_gross,number}')::numeric,
            (freight #>> '{total_net,number}')::numeric + (freight #>> '{total_tax,number}')::numeric,
            (freight #>> '{total_net,number}')::numeric * (1 + (freight ->> 'tax_rate')::numeric / 100),
            (freight #>> '{total_net,number}')::numeric,
            0
        ), purchase.places) AS shipping_gross,
        round((item.sent #>> '{refund_shipping,gross,number}')::numeric, purchase.places) AS refund_shipping
    FROM purchase
    CROSS JOIN LATERAL jsonb_array_elements(purchase.contents::jsonb -> 'packages') WITH ORDINALITY AS item(sent, position)
    CROSS JOIN LATERAL (SELECT item.sent #> '{shipping_method,line_total}' AS freight) AS freight
),
line AS MATERIALIZED (
    SELECT
        package.site_id, package.purchase_id, package.id AS package_id, package.state, item.position - 1 AS position,
        item.sent, substr(item.sent ->> 'id', 5)::bigint AS id, (item.sent ->> 'quantity')::bigint AS quantity,
        package.unit, (total #>> '{total_net,number}')::numeric AS net,
        round((total #>> '{total_gross,number}')::numeric, package.places) AS sent_gross,
        round((total #>> '{total_net,number}')::numeric + (total #>> '{total_tax,number}')::numeric, package.places)
            AS gross_by_tax,
        round((total #>> '{total_net,number}')::numeric * (1 + (total ->> 'tax_rate')::numeric / 100), package.places)
            AS gross_by_rate,
        (SELECT sum((tax #>> '{amount,number}')::numeric) FROM jsonb_array_elements(item.sent -> 'tax_lines') AS tax)
            AS named_tax,
        round(COALESCE(
            (total #>> '{total_gross,number}')::numeric,
            (total #>> '{total_net,number}')::numeric + (total #>> '{total_tax,number}')::numeric,
            (total #>> '{total_net,number}')::numeric * (1 + (total ->> 'tax_rate')::numeric / 100),
            (total #>> '{total_net,number}')::numeric
        ), package.places) AS gross,
        round((item.sent #>> '{refund_total,gross,number}')::numeric, package.places) AS refund_total
    FROM package
    CROSS JOIN LATERAL jsonb_array_elements(package.sent -> 'line_items') WITH ORDINALITY AS item(sent, position)
    CROSS JOIN LATERAL (SELECT item.sent -> 'line_total' AS total) AS total
),

-- What the purchase comes to --------------------------------------------------------------------------------------
goods AS (
    SELECT
        purchase_id,
        COALESCE(sum(gross) FILTER (WHERE state <> 'cancelled'), 0) AS total,
        COALESCE(sum(COALESCE(refund_total, gross)) FILTER (WHERE state = 'returned'), 0) AS credited,
        COALESCE(sum(gross - net) FILTER (WHERE state <> 'cancelled'), 0) AS tax,
        bool_or(
            COALESCE(abs(sent_gross - gross_by_tax) > unit, false)
            OR COALESCE(abs(sent_gross - gross_by_rate) > unit, false)
            OR COALESCE(abs(named_tax - (gross - net)) > unit, false)
        ) AS off,
        COALESCE(sum(quantity) FILTER (WHERE state = 'processing'), 0) AS open,
        COALESCE(sum(quantity) FILTER (WHERE state = 'shipped'), 0) AS shipped,
        COALESCE(sum(quantity) FILTER (WHERE state = 'returned'), 0) AS returned,
        COALESCE(sum(quantity) FILTER (WHERE state = 'cancelled'), 0) AS cancelled
    FROM line GROUP BY purchase_id
),
freight AS (
    SELECT
        purchase_id,
        COALESCE(sum(shipping_gross) FILTER (WHERE state <> 'cancelled'), 0) AS total,
        COALESCE(sum(COALESCE(refund_shipping, shipping_gross)) FILTER (WHERE state = 'returned'), 0) AS credited,
        COALESCE(sum(
            shipping_gross - COALESCE((sent #>> '{shipping_method,line_total,total_net,number}')::numeric, 0)
        ) FILTER (WHERE state <> 'cancelled'), 0) AS tax,
        bool_or(sent ->> 'type' <> 'processing' AND sent #>> ARRAY['dates', CASE state
            WHEN 'cancelled' THEN 'cancelled_at' WHEN 'returned' THEN 'returned_at' ELSE 'shipped_at'
        END] IS NULL) AS date_missing
    FROM package GROUP BY purchase_id
),
transaction AS MATERIALIZED (
    SELECT
        held.site_id, held.purchase_id, held.id, held.total, held.currency_code, held.apply_to_balance AS applied,
        held.posted_amount,
        held.apply_to_balance AND held.created_at - lag(held.created_at) OVER (
            PARTITION BY held.purchase_id, held.apply_to_balance, held.total, held.currency_code
            ORDER BY held.created_at, held.id
        ) <= interval '72 hours' AS repeats
    FROM purchasing_purchasetransaction AS held
    WHERE held.site_id = ANY($1::bigint[]) AND held.purchase_id BETWEEN $2::bigint AND $3::bigint
),
money AS (
    SELECT
        purchase_id,
        COALESCE(sum(total) FILTER (WHERE applied AND total > 0), 0) AS paid,
        COALESCE(-sum(total) FILTER (WHERE applied AND total < 0), 0) AS refunded,
        bool_or(applied) AS any_applied,
        bool_or(repeats) AS repeats
    FROM transaction GROUP BY purchase_id
),
figure AS MATERIALIZED (
    SELECT
        purchase.*,
        COALESCE(goods.open, 0) AS o,
        COALESCE(goods.shipped, 0) AS s,
        COALESCE(goods.returned, 0) AS r,
        COALESCE(goods.cancelled, 0) AS c,
        COALESCE(goods.total, 0) + COALESCE(freight.total, 0) AS total,
        COALESCE(goods.credited, 0) + COALESCE(freight.credited, 0) AS credit_given,
        GREATEST(COALESCE(goods.total, 0) + COALESCE(freight.total, 0)
            - COALESCE(goods.credited, 0) - COALESCE(freight.credited, 0), 0) AS due,
        COALESCE(money.paid, 0) AS received,
        COALESCE(money.refunded, 0) AS handed_back,
        COALESCE(money.paid, 0) - COALESCE(money.refunded, 0) AS net,
        COALESCE(money.any_applied, false) AS any_applied,
        COALESCE(money.repeats, false) AS repeats,
        COALESCE(freight.date_missing, false) AS date_missing,
        COALESCE(goods.off, false) OR COALESCE(
            abs(named.tax - COALESCE(goods.tax, 0)) > purchase.unit
            AND abs(named.tax - COALESCE(goods.tax, 0) - COALESCE(freight.tax, 0)) > purchase.unit,
            false
        ) AS total_off,
        head ->> 'type' IN ('order', 'order_unconfirmed') AS is_paid_for,
        COALESCE(
            substr(head #>> '{customer_identifiers,sparklayer}', 4),
            substr(head #>> '{customer_identifiers,sparklayer_child}', 4)
        )::bigint AS payer
    FROM purchase
    LEFT JOIN goods ON goods.purchase_id = purchase.id
    LEFT JOIN freight ON freight.purchase_id = purchase.id
    LEFT JOIN money ON money.purchase_id = purchase.id
    CROSS JOIN LATERAL (
        SELECT sum((item #>> '{amount,number}')::numeric) AS tax FROM jsonb_array_elements(head -> 'tax_lines') AS item
    ) AS named
),
-- A rate that was found stays; what has none, or one that cannot be of its currency and day, gets what is published.
dollar AS MATERIALIZED (
    SELECT
        figure.id AS purchase_id,
        CASE WHEN kept.stays THEN figure.usd_rate WHEN is_dollar THEN 1 ELSE published.usd_per_unit END AS rate,
        CASE WHEN kept.stays THEN figure.usd_rate_date WHEN is_dollar THEN day ELSE published.date END AS date,
        CASE WHEN kept.stays THEN figure.usd_rate_source WHEN is_dollar THEN 'par' ELSE published.source END AS source
    FROM figure
    CROSS JOIN LATERAL (
        SELECT
            head ->> 'currency_code' = 'USD' AS is_dollar,
            (head #>> '{dates,placed_at}')::timestamptz AT TIME ZONE 'UTC' AS placed,
            (COALESCE(
                (head #>> '{dates,placed_at}')::timestamptz,
                (head #>> '{dates,calculated_submitted_at}')::timestamptz,
                (head #>> '{dates,created_at}')::timestamptz,
                figure.stored_at
            ) AT TIME ZONE 'UTC')::date AS day
    ) AS moment
    CROSS JOIN LATERAL (
        SELECT (usd_rate IS NULL AND deleted_at IS NOT NULL) OR (
            usd_rate IS NOT NULL AND (usd_rate_source = 'par') = is_dollar AND (usd_rate = 1 OR NOT is_dollar)
            AND (placed IS NULL OR usd_rate_date BETWEEN placed::date - 60 AND placed::date)
        ) AS stays
    ) AS kept
    LEFT JOIN LATERAL (
        SELECT rate.usd_per_unit, rate.date, rate.source
        FROM pricing_exchangerate AS rate
        WHERE NOT kept.stays AND rate.currency_code = head ->> 'currency_code' AND rate.date BETWEEN day - 60 AND day
        ORDER BY rate.date DESC LIMIT 1
    ) AS published ON true
),
