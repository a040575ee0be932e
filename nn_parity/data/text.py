"""Texts for language models: one UTF-8 file each."""

from collections.abc import Callable
from pathlib import Path

from .dataset import DataError, Text


def reader(name: str, file: str) -> Callable[[Path], Text]:
    """A function that reads the text `file` of a folder, line endings as they are stored."""

    def read(folder: Path) -> Text:
        path = folder / file
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise DataError(f"{path}: not a UTF-8 text ({error.reason} at byte {error.start:,})") from error
        except OSError as error:
            raise DataError(f"{path}: cannot be read ({error.strerror})") from error
        if not text:
            raise DataError(f"{path}: empty")
        return Text(name, text, source=str(path))

    return read
