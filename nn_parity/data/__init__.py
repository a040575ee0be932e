"""Data sets behind one small API.

    from nn_parity.data import load, load_text, as_floats

    data = load("mnist")
    data.train.inputs            # uint8 (60000, 28, 28), as stored
    as_floats(data.test.inputs)  # float32 (10000, 28, 28), 0 to 1
    load_text("tinyshakespeare").text

The small ones are generated, or come with scikit-learn. The large ones are looked for in the folder that
the environment variable NN_PARITY_DATA names (mnist/, fashion_mnist/, cifar10/, text/), then in a per-user
cache, and else downloaded into that cache. Everything that can go wrong on the way raises `DataError`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from . import cifar, embedded, generated, locate, mirrors, mnist, series, text
from .dataset import DataError, Dataset, Split, Text, as_floats
from .locate import cache_folder

__all__ = [
    "DataError",
    "Dataset",
    "Split",
    "Text",
    "as_floats",
    "available",
    "cache_folder",
    "describe",
    "load",
    "load_text",
    "names",
    "where",
]


class _Made(NamedTuple):
    """Generated, or embedded in a package: a function of the seed."""

    summary: str
    make: Callable[[int], Dataset]
    where: Callable[[], str | None]


class _Stored(NamedTuple):
    """Read from the files of one folder."""

    summary: str
    read: Callable[[Path], Dataset]
    files: mirrors.Files


class _StoredText(NamedTuple):
    """Read from one text file."""

    summary: str
    read: Callable[[Path], Text]
    files: mirrors.Files


def _generated() -> str:
    return generated.SOURCE


def _embedded() -> str | None:
    return embedded.SOURCE if embedded.installed() else None


def _series() -> str | None:
    return series.SOURCE if series.installed() else None


_TABLE: dict[str, _Made | _Stored | _StoredText] = {
    "xor": _Made("exclusive or: 4 points, 2 classes", generated.xor, _generated),
    "spiral": _Made("CS231n's spiral: 300 points in the plane, 3 classes", generated.spiral, _generated),
    "celsius": _Made("Celsius to Fahrenheit: 41 temperatures, a regression", generated.celsius, _generated),
    "breast_cancer": _Made(
        "Wisconsin breast cancer: 569 patients, 30 measurements, 2 classes", embedded.breast_cancer, _embedded
    ),
    "digits": _Made("handwritten digits: 1,797 images of 8×8, 10 classes", embedded.digits, _embedded),
    "sunspots": _Made("sunspots of 309 years, a time series", series.sunspots, _series),
    "diabetes": _Made("diabetes: 442 patients, 10 measurements, a regression", embedded.diabetes, _embedded),
    "mnist": _Stored("handwritten digits: 70,000 images of 28×28, 10 classes", mnist.mnist, mirrors.MNIST),
    "fashion_mnist": _Stored("clothes: 70,000 images of 28×28, 10 classes", mnist.fashion_mnist, mirrors.FASHION_MNIST),
    "cifar10": _Stored("photographs: 60,000 images of 3×32×32, 10 classes", cifar.cifar10, mirrors.CIFAR10),
    "tinyshakespeare": _StoredText(
        "Shakespeare's plays, a part: 1.1 million characters, 65 distinct",
        text.reader("tinyshakespeare", "tinyshakespeare.txt"),
        mirrors.TINY_SHAKESPEARE,
    ),
    "names": _StoredText("32,033 first names, one a line", text.reader("names", "names.txt"), mirrors.NAMES),
}


def names() -> tuple[str, ...]:
    """Every data set: those that `load` takes, then the texts that `load_text` takes."""
    return tuple(_TABLE)


def describe(name: str) -> str:
    """What a data set is, in one line."""
    return _row(name).summary


def where(name: str) -> str | None:
    """Where a data set would be loaded from now: its folder, "generated" or "scikit-learn".

    None when it would have to be downloaded, or scikit-learn installed, first.
    """
    row = _row(name)
    if isinstance(row, _Made):
        return row.where()
    folder = locate.find(row.files)
    return None if folder is None else str(folder)


def available(name: str) -> bool:
    """Whether a data set can be loaded right now, without a network.

    Asks whether the files are there, not whether they are sound: a damaged one is worth an error, not a
    silent skip.
    Raises DataError for a name that no data set has.
    """
    return where(name) is not None


def load(name: str, *, seed: int = 0, download: bool = True) -> Dataset:
    """Load a data set by its name.

    seed: of the generated ones, and of the 80/20 split of breast_cancer, digits and diabetes; the others
    have their official split. download: whether a large one that is not on this machine may be downloaded.
    Raises DataError: an unknown name, a missing package, a missing or damaged file, no network.
    """
    row = _row(name)
    if isinstance(row, _Made):
        return row.make(seed)
    if isinstance(row, _Stored):
        return row.read(locate.find_or_download(name, row.files, download=download))
    raise DataError(f"{name} is a text: load_text({name!r})")


def load_text(name: str, *, download: bool = True) -> Text:
    """Load a text by its name; raises DataError as `load` does."""
    row = _row(name)
    if not isinstance(row, _StoredText):
        raise DataError(f"{name} is not a text: load({name!r})")
    return row.read(locate.find_or_download(name, row.files, download=download))


def _row(name: str) -> _Made | _Stored | _StoredText:
    if name not in _TABLE:
        raise DataError(f"no data set is called {name!r}; there are {', '.join(names())}")
    return _TABLE[name]
