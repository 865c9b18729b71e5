"""A made-up merchant, for trying customer-lookup without one's own database."""
