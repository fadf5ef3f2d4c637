-- What the accounts of some sites should hold, worked out afresh from their entries; answers those that hold something
-- else. One statement, hence one moment in time.
--
-- Each entry's balance_after is the sum of the entries up to it. Entries are never edited, so a chain that somebody
-- broke from outside stays broken; a repair posts after the break, and the chain counts from the last repair on.
--
-- $1 sites (ids), $2 and $3 first and last account id (both included), $4 author of repairs.
-- Answers: part, site_id, key (account id), customer_id, currency_code, stored and should (JSON objects).
WITH entry AS MATERIALIZED (
    SELECT
        held.account_id, held.id, held.amount, held.balance_after, held.posted_at,
        sum(held.amount) OVER earlier AS running,
        COALESCE(max(held.id) FILTER (WHERE held.author = $4::text) OVER (PARTITION BY held.account_id), 0) AS repair
    FROM customers_accountentry AS held
    WHERE held.site_id = ANY($1::bigint[]) AND held.account_id BETWEEN $2::bigint AND $3::bigint
    WINDOW earlier AS (PARTITION BY held.account_id ORDER BY held.id)
),
summed AS (
    SELECT account_id, sum(amount) AS balance, max(posted_at) AS posted_at FROM entry GROUP BY account_id
),
broken AS (
    SELECT DISTINCT ON (account_id) account_id, id, balance_after, running
    FROM entry
    WHERE id >= repair AND balance_after <> running
    ORDER BY account_id, id
),
compared AS (
    SELECT
        'account' AS part, account.site_id, account.id AS key, account.customer_id, account.currency_code,
        jsonb_build_object('balance', account.balance, 'posted_at', account.posted_at) AS stored,
        jsonb_build_object(
            'balance', COALESCE(summed.balance, 0), 'posted_at', COALESCE(summed.posted_at, account.posted_at)
        ) AS should
    FROM customers_account AS account
    LEFT JOIN summed ON summed.account_id = account.id
    WHERE account.site_id = ANY($1::bigint[]) AND account.id BETWEEN $2::bigint AND $3::bigint

    UNION ALL
    SELECT
        'chain', account.site_id, account.id, account.customer_id, account.currency_code,
        jsonb_build_object('entry', broken.id, 'balance_after', broken.balance_after),
        jsonb_build_object('entry', broken.id, 'balance_after', broken.running)
    FROM broken JOIN customers_account AS account ON account.id = broken.account_id
)
SELECT part, site_id, key, customer_id, currency_code, stored, should
FROM compared
WHERE stored IS DISTINCT FROM should
ORDER BY key, part
