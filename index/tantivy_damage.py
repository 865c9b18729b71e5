"""Damage: what Tantivy says of files that are not as it wrote them, as an error of ours."""

from customers.errors import EngineError
from index.tantivy_disk import Block, reading_refusal

# Of pyo3, which does not let it be imported, and derived from BaseException: it would end the thread that
# answers lookups.
_PANIC = "PanicException"


def is_damage(error: BaseException | None) -> bool:
    """Whether Tantivy refuses the files as damaged, or fails over them."""
    return isinstance(error, ValueError) or type(error).__name__ == _PANIC


class Reading(Block):
    """A block that reads. Raises EngineError where the index is damaged, EngineUnavailable where the system
    refuses it."""

    def _told(self, error: BaseException) -> EngineError | None:
        if (refused := reading_refusal(self._path, error)) is not None or not is_damage(error):
            return refused
        return EngineError(
            f"the index in {self._path} cannot be read: it is damaged; run customer-lookup reindex"
        )
