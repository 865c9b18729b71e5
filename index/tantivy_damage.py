"""Damage: what Tantivy says of files that are not as it wrote them, as an error of ours."""

from pathlib import Path
from types import TracebackType

from customers.errors import EngineError
from index.tantivy_disk import reading_refusal

# Of pyo3, which does not let it be imported, and derived from BaseException: it would end the thread that
# answers lookups.
_PANIC = "PanicException"


def is_damage(error: BaseException | None) -> bool:
    """Whether Tantivy refuses the files as damaged, or fails over them."""
    return isinstance(error, ValueError) or type(error).__name__ == _PANIC


class Reading:
    """A block that reads the index in `path`. Raises EngineError where that is damaged, EngineUnavailable
    where the system refuses it. To be used again, by any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if (refused := reading_refusal(self._path, error)) is not None:
            raise refused from error
        if is_damage(error):
            raise EngineError(
                f"the index in {self._path} cannot be read: it is damaged; run customer-lookup reindex"
            ) from error
