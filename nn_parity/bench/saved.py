"""A run as a file, written so that two of them can be compared line by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FORMAT = 1


class NotARun(Exception):
    """A file holds no run; the message says what is wrong with it."""


def read(file: Path) -> dict[str, Any]:
    """A run that was saved. Raises NotARun."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise NotARun(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise NotARun(f"{file} is not JSON: {error}") from error
    if not isinstance(found, dict) or "results" not in found:
        raise NotARun(f"{file} is not the file of a run of `nn-parity bench`")
    if found.get("format") != FORMAT:
        raise NotARun(f"{file} has format {found.get('format')}; this version reads format {FORMAT}")
    return found


def save(found: dict[str, Any], file: Path) -> None:
    """One result a line: a difference of two files reads well."""
    results = ",\n  ".join(json.dumps(_rounded(result), ensure_ascii=False) for result in found["results"])
    rest = json.dumps({**_rounded(found), "results": []}, ensure_ascii=False, indent=1)
    file.write_text(rest.replace('"results": []', f'"results": [\n  {results}\n ]', 1) + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    """Five digits are more than any clock has."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return value
