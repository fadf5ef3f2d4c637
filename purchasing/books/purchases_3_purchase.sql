-- Stored beside should --------------------------------------------------------------------------------------------
compared AS (
    SELECT
        'document' AS part, figure.site_id, figure.id AS purchase_id, figure.id::text AS key,
        jsonb_build_object(
            'header', figure.header::text, 'contents', figure.contents::text, 'revision', figure.revision
        ) AS stored,
        jsonb_build_object(
            'header', revision.header::text, 'contents', revision.contents::text, 'revision', revision.stored
        ) AS should
    FROM figure
    LEFT JOIN revision ON revision.purchase_id = figure.id
    WHERE (figure.header::text, figure.contents::text, figure.revision)
        IS DISTINCT FROM (revision.header::text, revision.contents::text, revision.stored)

    UNION ALL
    SELECT
        'purchase', figure.site_id, figure.id, figure.id::text,
        jsonb_build_object(
            'type', figure.type,
            'spark_id', figure.spark_id,
            'platform_id', figure.platform_id,
            'internal_id', figure.internal_id,
            'visible_id', figure.visible_id,
            'customer_id', figure.customer_id,
            'child_id', figure.child_id,
            'impersonator_id', figure.impersonator_id,
            'payment_method', figure.payment_method,
            'customer_reference', figure.customer_reference,
            'currency_code', figure.currency_code,
            'created_at', figure.created_at,
            'placed_at', figure.placed_at,
            'updated_at', figure.updated_at,
            'submitted_at', figure.submitted_at,
            'ordered_at', figure.ordered_at,
            'calculated_total', figure.calculated_total,
            'credited', figure.credited,
            'amount_due', figure.amount_due,
            'open_quantity', figure.open_quantity,
            'shipped_quantity', figure.shipped_quantity,
            'returned_quantity', figure.returned_quantity,
            'cancelled_quantity', figure.cancelled_quantity,
            'calculated_fulfilment_status', figure.calculated_fulfilment_status,
            'paid', figure.paid,
            'refunded', figure.refunded
        ) || jsonb_build_object(
            'calculated_payment_status', figure.calculated_payment_status,
            'outstanding', figure.outstanding,
            'credit', figure.credit,
            'account_id', figure.account_id,
            'posted_charge', figure.posted_charge,
            'posted_currency_code', figure.posted_currency_code,
            'charge_value_date', figure.charge_value_date,
            'approval', figure.approval,
            'calculated_total_usd', figure.calculated_total_usd,
            'usd_rate', figure.usd_rate,
            'usd_rate_date', figure.usd_rate_date,
            'usd_rate_source', figure.usd_rate_source,
            'warned', (
                SELECT COALESCE(jsonb_agg(DISTINCT item ->> 'code'), '[]')
                FROM jsonb_array_elements(figure.warnings) AS item
                WHERE item ->> 'code' IN (
                    'over-refunded', 'package-date-missing', 'refund-without-credit', 'suspected-duplicate-transaction',
                    'total-mismatch', 'usd-rate-missing'
                )
            )
        ),
        jsonb_build_object(
            'type', head ->> 'type',
            'spark_id', head #>> '{purchase_identifiers,sparklayer}',
            'platform_id', head #>> '{purchase_identifiers,platform}',
            'internal_id', head #>> '{purchase_identifiers,internal}',
            'visible_id', head #>> '{purchase_identifiers,visible}',
            'customer_id', substr(head #>> '{customer_identifiers,sparklayer}', 4)::bigint,
            'child_id', substr(head #>> '{customer_identifiers,sparklayer_child}', 4)::bigint,
            'impersonator_id', substr(head #>> '{customer_identifiers,sparklayer_impersonator}', 4)::bigint,
            'payment_method', head ->> 'payment_method',
            'customer_reference', head ->> 'customer_reference',
            'currency_code', head ->> 'currency_code',
            'created_at', (head #>> '{dates,created_at}')::timestamptz,
            'placed_at', (head #>> '{dates,placed_at}')::timestamptz,
            'updated_at', (head #>> '{dates,updated_at}')::timestamptz,
            'submitted_at', (head #>> '{dates,calculated_submitted_at}')::timestamptz,
            'ordered_at', COALESCE(
                (head #>> '{dates,placed_at}')::timestamptz,
                (head #>> '{dates,calculated_submitted_at}')::timestamptz,
                (head #>> '{dates,created_at}')::timestamptz,
                figure.stored_at
            ),
            'calculated_total', figure.total,
            'credited', figure.credit_given,
            'amount_due', figure.due,
            'open_quantity', o,
            'shipped_quantity', s,
            'returned_quantity', r,
            'cancelled_quantity', c,
            'calculated_fulfilment_status', CASE
                WHEN head ->> 'type' IN ('quote', 'cart', 'awaiting_approval') THEN NULL
                WHEN o + s + r = 0 AND c > 0 THEN 'cancelled'
                WHEN s + r = 0 THEN 'processing'
                WHEN o > 0 THEN 'partially_shipped'
                WHEN s = 0 THEN 'returned'
                WHEN r > 0 THEN 'partially_returned'
                ELSE 'shipped'
            END,
            'paid', received,
            'refunded', handed_back
        ) || jsonb_build_object(
            'calculated_payment_status', CASE
                WHEN NOT is_paid_for THEN NULL
                WHEN net < 0 THEN 'refunded'
                WHEN NOT any_applied AND due > 0 THEN 'unpaid'
                WHEN NOT any_applied THEN CASE WHEN o + s > 0 OR o + s + r + c = 0 THEN 'paid' END
                WHEN net = 0 THEN 'refunded'
                WHEN net > due THEN 'overpaid'
                WHEN net = due AND handed_back > 0 AND (credit_given <> 0 OR c > 0) THEN 'partially_refunded'
                WHEN net = due THEN 'paid'
                WHEN handed_back > 0 AND received >= due THEN 'partially_refunded'
                ELSE 'partially_paid'
            END,
            'outstanding', CASE WHEN is_paid_for THEN GREATEST(due - net, 0) ELSE 0 END,
            'credit', CASE WHEN is_paid_for THEN GREATEST(net - due, 0) ELSE 0 END,
            'account_id', owing.customer_id,
            'posted_charge', charge.amount,
            'posted_currency_code', CASE WHEN owing.customer_id IS NULL THEN '' ELSE head ->> 'currency_code' END,
            'charge_value_date', COALESCE(first_charge.value_date, figure.charge_value_date),
            -- A decision is a fact; what can be judged is whether it may still stand.
            'approval', CASE
                WHEN head ->> 'type' = 'awaiting_approval'
                    AND figure.approval -> 'revision' = to_jsonb(figure.revision)
                    AND figure.approval -> 'total' = jsonb_build_object(
                        'number', round(figure.total, figure.places)::text, 'currency', head ->> 'currency_code'
                    )
                    THEN figure.approval
                WHEN head ->> 'type' = 'order' AND figure.approval ->> 'status' = 'approved'
                    AND figure.approval -> 'revision' < to_jsonb(figure.revision)
                    THEN figure.approval
                WHEN head ->> 'quote_status' = 'rejected' AND figure.approval ->> 'status' = 'rejected'
                    AND figure.approval -> 'revision' < to_jsonb(figure.revision)
                    THEN figure.approval
            END,
            'calculated_total_usd', round(figure.total * dollar.rate, 2),
            'usd_rate', dollar.rate,
            'usd_rate_date', dollar.date,
            'usd_rate_source', dollar.source,
            'warned', (
                SELECT COALESCE(jsonb_agg(warning.code ORDER BY warning.code), '[]')
                FROM (VALUES
                    ('over-refunded', is_paid_for AND net < 0),
                    ('package-date-missing', date_missing),
                    ('refund-without-credit',
                        is_paid_for AND net > 0 AND net < due AND handed_back > 0 AND received >= due),
                    ('suspected-duplicate-transaction', repeats),
                    ('total-mismatch', total_off),
                    ('usd-rate-missing', dollar.rate IS NULL)
                ) AS warning(code, holds)
                WHERE warning.holds
            )
        )
    FROM figure
    JOIN charge ON charge.purchase_id = figure.id
    JOIN dollar ON dollar.purchase_id = figure.id
    LEFT JOIN owing ON owing.purchase_id = figure.id
    LEFT JOIN first_charge ON first_charge.purchase_id = figure.id
