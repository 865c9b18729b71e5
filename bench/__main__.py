"""python -m bench [NAME …]: measures, and prints the tables that the README shows.

Takes about an hour.
"""

import sys
from importlib import import_module

# Each is a module here with a `report()` that yields the lines of its report.
REPORTS = ("embedded", "tills", "freshness", "servers", "meilisearch")


def main(names: list[str]) -> None:
    """Print the reports of these names, or of all."""
    for name in names or REPORTS:
        print(f"## {name}\n", flush=True)
        for line in import_module(f"bench.{name}").report():
            print(line, flush=True)
        print()


main(sys.argv[1:])
