"""Time series that come inside statsmodels, an optional package: its files are read without importing it."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from .dataset import Array, DataError, Dataset, Split

SOURCE = "statsmodels"
YEARS = 16  # that a window shows
TEST_YEARS = 60  # at the end


def installed() -> bool:
    """Whether statsmodels is there."""
    return find_spec("statsmodels") is not None


def sunspots(seed: int = 0) -> Dataset:
    """Yearly numbers of sunspots, 1700 to 2008: windows (N, 16, 1) of years, and the year after each, (N, 1).

    The last 60 years are the test part. A window there may reach back into the years that were trained on: they are the
    past, which a forecast may know. Source: SIDC, Royal Observatory of Belgium.
    """
    spec = find_spec("statsmodels")
    if spec is None or not spec.submodule_search_locations:
        raise DataError("sunspots comes with statsmodels, which cannot be found: pip install 'nn-parity[data]'")
    file = Path(next(iter(spec.submodule_search_locations))) / "datasets" / "sunspots" / "sunspots.csv"
    try:
        values: Array = np.loadtxt(file, delimiter=",", skiprows=1, usecols=1)
    except (OSError, ValueError) as error:
        raise DataError(f"{file}: not the yearly sunspots of statsmodels ({error})") from error
    windows = np.lib.stride_tricks.sliding_window_view(values, YEARS + 1)[..., None]  # (N, 17, 1)
    split = len(windows) - TEST_YEARS
    train, test = (Split(part[:, :-1].copy(), part[:, -1].copy()) for part in (windows[:split], windows[split:]))
    return Dataset("sunspots", train, test, (), SOURCE)
