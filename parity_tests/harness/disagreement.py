"""The exception that says: the candidate is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .judge import Wrong


class Disagreement(AssertionError):
    """The candidate is wrong.

    `part`: `forward`, `backward` or `refusal`. `detail`: the wrong array, if it is one. `crash`: the candidate did
    not return at all.
    """

    def __init__(self, message: str, part: str, detail: Wrong | None = None, *, crash: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.part = part
        self.detail = detail
        self.crash = crash
