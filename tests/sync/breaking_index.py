"""A real index which breaks down when it is told to."""

from typing import Any

from customers.errors import EngineUnavailable
from index.interface import CustomerIndex

CALLS = {"create", "writer", "write", "delete", "flush", "promote", "remove", "generations", "digests"}


class BreakingIndex:
    """Set `breaking` to the call that fails next: `before:flush` fails without effect, `after:flush` has its
    effect and fails all the same. `refusing` changes nothing: a real engine takes every document of ours."""

    def __init__(self, index: CustomerIndex) -> None:
        self._index = index
        self.refusing: set[str] = set()
        self.breaking: str | None = None

    def __getattr__(self, name: str) -> Any:
        return self.breakable(self._index, name)

    def breakable(self, target: Any, name: str) -> Any:
        """An attribute of the index, or of a writer."""
        found = getattr(target, name)
        if name not in CALLS:
            return found

        def call(*arguments: Any) -> Any:
            self._meet(f"before:{name}")
            result = found(*arguments)
            if name == "writer":
                result = _Writer(self, result)
            try:
                self._meet(f"after:{name}")
            except EngineUnavailable:
                if name == "writer":
                    result.__exit__(None, None, None)  # its opening has failed: nobody has it to close it
                raise
            return result

        return call

    def _meet(self, moment: str) -> None:
        if self.breaking == moment:
            self.breaking = None
            raise EngineUnavailable(f"broken {moment}")


class _Writer:
    def __init__(self, owner: BreakingIndex, writer: Any) -> None:
        self._owner = owner
        self._writer = writer

    def __getattr__(self, name: str) -> Any:
        return self._owner.breakable(self._writer, name)

    def __exit__(self, *arguments: Any) -> None:
        self._writer.__exit__(*arguments)
