    -- Packages, lines, transactions, history and ledger ------------------------------------------------------------
    UNION ALL
    SELECT
        'package', COALESCE(held.site_id, package.site_id), COALESCE(held.purchase_id, package.purchase_id),
        COALESCE(held.id, package.id)::text,
        CASE WHEN held.id IS NOT NULL THEN to_jsonb(held) END,
        CASE WHEN package.id IS NOT NULL THEN jsonb_build_object(
            'id', package.id,
            'site_id', package.site_id,
            'purchase_id', package.purchase_id,
            'position', package.position,
            'spark_package_id', sent #>> '{identifiers,sparklayer_package_id}',
            'platform_id', sent #>> '{identifiers,platform}',
            'internal_id', sent #>> '{identifiers,internal}',
            'visible_id', sent #>> '{identifiers,visible}',
            'state', package.state,
            'created_at', (sent #>> '{dates,created_at}')::timestamptz,
            'shipped_at', (sent #>> '{dates,shipped_at}')::timestamptz,
            'cancelled_at', (sent #>> '{dates,cancelled_at}')::timestamptz,
            'returned_at', (sent #>> '{dates,returned_at}')::timestamptz,
            'shipping_name', COALESCE(sent #>> '{shipping_method,name}', ''),
            'shipping_net', COALESCE((sent #>> '{shipping_method,line_total,total_net,number}')::numeric, 0),
            'shipping_gross', package.shipping_gross,
            'refund_shipping', package.refund_shipping,
            'ship_to', COALESCE((
                SELECT concat_ws(', ',
                    COALESCE(
                        NULLIF(ship_to ->> 'name', ''),
                        NULLIF(btrim((ship_to ->> 'first_name') || ' ' || (ship_to ->> 'last_name')), '')
                    ),
                    NULLIF(ship_to ->> 'company', ''),
                    NULLIF(ship_to ->> 'address_line1', ''),
                    NULLIF(ship_to ->> 'address_line2', ''),
                    NULLIF(ship_to ->> 'city', ''),
                    NULLIF(ship_to ->> 'region_code', ''),
                    NULLIF(ship_to ->> 'postal_code', '')
                )
                FROM (SELECT sent -> 'shipping_address' AS ship_to) AS address
            ), ''),
            'tracking', COALESCE((
                SELECT jsonb_agg(jsonb_build_object(
                    'carrier', parcel ->> 'carrier', 'number', parcel ->> 'tracking_number',
                    'url', parcel ->> 'tracking_url'
                ) ORDER BY place)
                FROM jsonb_array_elements(sent -> 'shipments') WITH ORDINALITY AS shipment(parcel, place)
            ), '[]')
        ) END
    FROM package
    FULL JOIN (
        SELECT * FROM purchasing_package
        WHERE site_id = ANY($1::bigint[]) AND purchase_id BETWEEN $2::bigint AND $3::bigint
    ) AS held ON held.id = package.id AND held.purchase_id = package.purchase_id

    UNION ALL
    SELECT
        'line', COALESCE(held.site_id, line.site_id), COALESCE(held.purchase_id, line.purchase_id),
        COALESCE(held.id, line.id)::text,
        CASE WHEN held.id IS NOT NULL THEN to_jsonb(held) END,
        CASE WHEN line.id IS NOT NULL THEN jsonb_build_object(
            'id', line.id,
            'site_id', line.site_id,
            'purchase_id', line.purchase_id,
            'package_id', line.package_id,
            'position', line.position,
            'sku', COALESCE(sent #>> '{identifiers,sku}', ''),
            'name_parent', sent ->> 'name_parent',
            'name_child', sent ->> 'name_child',
            'quantity', line.quantity,
            'total_net', (sent #>> '{line_total,total_net,number}')::numeric,
            'discount_net', (sent #>> '{line_total,discount_net,number}')::numeric,
            'gross', line.gross,
            'refund_total', line.refund_total
        ) END
    FROM line
    FULL JOIN (
        SELECT * FROM purchasing_lineitem
        WHERE site_id = ANY($1::bigint[]) AND purchase_id BETWEEN $2::bigint AND $3::bigint
    ) AS held ON held.id = line.id AND held.purchase_id = line.purchase_id

    UNION ALL
    SELECT
        'transaction', transaction.site_id, transaction.purchase_id, transaction.id::text,
        jsonb_build_object('posted_amount', transaction.posted_amount),
        jsonb_build_object('posted_amount', COALESCE(owed.amount, 0))
    FROM transaction LEFT JOIN owed ON owed.transaction_id = transaction.id

    UNION ALL
    SELECT
        'history', COALESCE(held.site_id, told.site_id), COALESCE(held.purchase_id, told.purchase_id),
        COALESCE(held.transaction_id, told.id)::text,
        CASE WHEN held.id IS NOT NULL THEN jsonb_build_object(
            'type', held.type, 'total', held.total, 'currency_code', held.currency_code
        ) END,
        CASE WHEN told.id IS NOT NULL THEN jsonb_build_object(
            'type', CASE WHEN told.total > 0 THEN 'payment' ELSE 'refund' END,
            'total', told.total, 'currency_code', told.currency_code
        ) END
    FROM (SELECT * FROM transaction WHERE applied) AS told
    FULL JOIN (
        SELECT * FROM purchasing_purchasehistory
        WHERE site_id = ANY($1::bigint[]) AND purchase_id BETWEEN $2::bigint AND $3::bigint
    ) AS held ON held.transaction_id = told.id AND held.purchase_id = told.purchase_id

    UNION ALL
    SELECT
        'ledger', COALESCE(standing.site_id, owed.site_id), COALESCE(standing.purchase_id, owed.purchase_id),
        concat_ws(' ',
            COALESCE(standing.customer_id, owed.customer_id), COALESCE(standing.currency_code, owed.currency_code),
            COALESCE(standing.transaction_id, owed.transaction_id)
        ),
        CASE WHEN standing.amount IS NOT NULL THEN jsonb_build_object('amount', standing.amount) END,
        CASE WHEN owed.amount IS NOT NULL THEN jsonb_build_object('amount', owed.amount) END
    FROM standing
    FULL JOIN owed
        ON owed.purchase_id = standing.purchase_id
        AND COALESCE(owed.transaction_id, '00000000-0000-0000-0000-000000000000')
            = COALESCE(standing.transaction_id, '00000000-0000-0000-0000-000000000000')
        AND owed.customer_id = standing.customer_id
        AND owed.currency_code = standing.currency_code
)
SELECT part, site_id, purchase_id, key, stored, should
FROM compared
WHERE stored IS DISTINCT FROM should
ORDER BY purchase_id, part, key
