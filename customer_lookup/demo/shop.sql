-- The tables of the made-up merchant. modified_at is UTC, and the triggers keep it true.
CREATE TABLE customers (
    customer_no   TEXT PRIMARY KEY,
    first_name    TEXT NOT NULL,
    last_name     TEXT NOT NULL,
    company       TEXT,
    registration  TEXT,
    phone         TEXT,
    email         TEXT,
    street        TEXT,
    postal_code   TEXT,
    city          TEXT,
    country       TEXT,
    country_code  TEXT,
    note          TEXT,
    blocked       INTEGER NOT NULL DEFAULT 0,
    modified_at   TEXT NOT NULL DEFAULT (datetime('now'))
);
CREATE INDEX customers_modified_at ON customers (modified_at, customer_no);

CREATE TABLE accounts (
    customer_no   TEXT NOT NULL REFERENCES customers,
    currency      TEXT NOT NULL,
    balance       TEXT NOT NULL,
    overdue       TEXT NOT NULL,
    credit_limit  TEXT NOT NULL,
    modified_at   TEXT NOT NULL DEFAULT (datetime('now')),
    PRIMARY KEY (customer_no, currency)
);
CREATE INDEX accounts_modified_at ON accounts (modified_at, customer_no);

CREATE TRIGGER customers_touched AFTER UPDATE ON customers BEGIN
    UPDATE customers SET modified_at = datetime('now') WHERE customer_no = new.customer_no;
END;
CREATE TRIGGER accounts_touched AFTER UPDATE ON accounts BEGIN
    UPDATE accounts SET modified_at = datetime('now')
    WHERE customer_no = new.customer_no AND currency = new.currency;
END;
