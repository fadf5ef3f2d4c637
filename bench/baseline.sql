-- The bare handler's tables: what an order needs and nothing else.
CREATE TABLE bare_order (
    id bigserial PRIMARY KEY, visible_id text NOT NULL UNIQUE, customer text NOT NULL, placed_at timestamptz NOT NULL,
    total numeric(24, 4) NOT NULL, paid numeric(24, 4) NOT NULL DEFAULT 0, header json NOT NULL, contents json NOT NULL
);
CREATE INDEX ON bare_order (customer, placed_at DESC, id DESC);
CREATE TABLE bare_package (
    id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES bare_order, position int, type text
);
CREATE INDEX ON bare_package (order_id);
CREATE TABLE bare_line (
    id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES bare_order, package int, position int,
    sku text, name text, quantity bigint, net numeric(24, 6), gross numeric(24, 4)
);
CREATE INDEX ON bare_line (order_id);
CREATE TABLE bare_account (customer text PRIMARY KEY, balance numeric(24, 4) NOT NULL DEFAULT 0);
CREATE TABLE bare_payment (
    id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES bare_order, platform_id text NOT NULL,
    total numeric(16, 4) NOT NULL, UNIQUE (order_id, platform_id)
);
