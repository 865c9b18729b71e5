"""The command, told to stop through another thread than its main one, as happens where there are several:
`python -m tests.customer_lookup.sidelong_command ARGUMENTS`, and then a line on its standard input."""

import signal
import sys
import threading

from customer_lookup.commands import main


def stop_when_told() -> None:
    """SIGTERM, taken by this thread."""
    if sys.stdin.readline():
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=stop_when_told, daemon=True).start()
    main()
