"""Loading what fits, by load_state_dict(strict=False) on a state_dict without the rest."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from torch import Tensor, nn


class Loaded(NamedTuple):
    """What became of each name."""

    loaded: list[str]
    kept: list[str]
    unused: list[str]


def load_pretrained(
    model: nn.Module, state_dict: Mapping[str, Tensor], *, prefix: str = "", skip: Sequence[str] = ()
) -> Loaded:
    """Copy what fits into the model → what was loaded, kept and unused."""
    shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
    given = {name[len(prefix) :]: tensor for name, tensor in state_dict.items() if name.startswith(prefix)}
    given = {name: tensor for name, tensor in given.items() if shapes.get(name) == tensor.shape}
    given = {name: tensor for name, tensor in given.items() if not any(fnmatchcase(name, p) for p in skip)}
    if not given:
        raise ValueError("nothing in the state_dict fits the model")
    model.load_state_dict(given, strict=False)
    unused = set(state_dict) - {prefix + name for name in given}
    return Loaded(
        [name for name in shapes if name in given],
        [name for name in shapes if name not in given],
        [name for name in state_dict if name in unused],
    )
