"""python -m bench [NAME …]: measures, and prints the tables that the README shows.

Takes about an hour.
"""

import argparse
from importlib import import_module

# Each is a module here with a `report()` that yields the lines of its report.
REPORTS = ("embedded", "tills", "freshness", "servers", "size", "meilisearch")


def main() -> None:
    """Print the reports that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(REPORTS))
    names = parser.parse_args().names
    if unknown := {*names} - {*REPORTS}:
        parser.error(f"there is no {', '.join(sorted(unknown))}: name any of {', '.join(REPORTS)}")
    for name in names or REPORTS:
        print(f"## {name}\n", flush=True)
        for line in import_module(f"bench.{name}").report():
            print(line, flush=True)
        print()


main()
