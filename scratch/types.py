"""The one type that every file of this tree shares."""

from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]
