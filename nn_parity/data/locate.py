"""Where the files are: the folder of the environment variable, then the per-user cache, then a download."""

import os
from pathlib import Path

from platformdirs import user_cache_path

from .dataset import DataError
from .download import fetch
from .mirrors import Files

ENVIRONMENT_VARIABLE = "NN_PARITY_DATA"


def cache_folder() -> Path:
    """The folder of downloaded data sets, one folder a data set. Loading creates it when it has to."""
    return user_cache_path("nn-parity", appauthor=False) / "data"


def find(files: Files) -> Path | None:
    """The first folder in which the data set is complete, or None. Looks at names only; reads no file."""
    return next((folder for folder in _candidates(files) if not _missing(files, folder)), None)


def find_or_download(name: str, files: Files, *, download: bool = True) -> Path:
    """The folder of a data set, which is downloaded into the cache when it is nowhere.

    Raises DataError, with the folder to fill, when it is not there and cannot or may not be downloaded.
    """
    folder = find(files)
    if folder is not None:
        return folder
    if not download:
        raise DataError(f"{name} is not on this machine, and was not to be downloaded.\n{_advice(files)}")
    folder = cache_folder() / files.folders[0]
    try:
        for item in files.downloads:
            if not os.path.isfile(folder / item.file):
                fetch(item, folder, workspace=cache_folder())
    except DataError as error:
        raise DataError(f"{name}: {error}\n{_advice(files)}") from error
    return folder


def _roots() -> list[Path]:
    chosen = os.environ.get(ENVIRONMENT_VARIABLE)
    return [Path(os.path.expanduser(chosen)), cache_folder()] if chosen else [cache_folder()]


def _candidates(files: Files) -> list[Path]:
    return [root / folder for root in _roots() for folder in files.folders]


def _missing(files: Files, folder: Path) -> list[str]:
    """What a folder still needs."""
    # os.path.isfile never raises, unlike Path.is_file: without permission to look there is no file.
    groups = (group for group in files.needed if not any(os.path.isfile(folder / name) for name in group))
    return [" or ".join(group) for group in groups]


def _advice(files: Files) -> str:
    """Where it was looked for, and what to do."""
    folders = _candidates(files)
    lines = ["Looked in"]
    for folder in folders:
        state = f"lacks {', '.join(_missing(files, folder))}" if os.path.isdir(folder) else "no such folder"
        lines.append(f"  {folder}: {state}")
    lines.append(f"To use it without a network, fill {folders[0]} with")
    lines += ["  " + " or ".join(group) for group in files.needed]
    if not os.environ.get(ENVIRONMENT_VARIABLE):
        lines.append(f"or set {ENVIRONMENT_VARIABLE} to a folder that has them in {files.folders[0]}/.")
    return "\n".join(lines)
