"""python -m customer_lookup: the command where it is not on the path."""

from customer_lookup.commands import main

main()
