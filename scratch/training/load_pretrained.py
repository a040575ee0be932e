"""Loading what fits: the weights of a network that was trained for something else.

`load_state_dict` wants all names and all shapes to be right, which is right for a network that goes on. A pretrained
one is another: it has a head for other classes, perhaps a part that is not wanted, perhaps the wanted part under
another path. So:

    found = load_pretrained(model, state_dict, prefix="encoder.", skip=("head.*",))

takes the names that begin with `prefix`, without it; leaves out those that match a pattern of `skip`; copies what the
model has by that name *and* shape, running statistics of batch normalizations as well as parameters; and tells what it
did with every name. To take nothing at all is a mistake (a prefix too many, a wrong file), and is refused: a training
from random numbers that is believed to be pretrained is hard to notice.

The values are copied. The model may learn on without changing the state_dict that it came from.

PyTorch: torch.nn.Module.load_state_dict(strict=False), which leaves out names, but not shapes.
"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import numpy as np

from ..nn.module import Module


class Loaded(NamedTuple):
    """What became of each name."""

    loaded: list[str]  # of the model: have the pretrained value now
    kept: list[str]  # of the model: have the value they had
    unused: list[str]  # of the state_dict: skipped, unknown here, or of another shape


def load_pretrained(
    model: Module, state_dict: Mapping[str, Any], *, prefix: str = "", skip: Sequence[str] = ()
) -> Loaded:
    """Copy what fits into the model → what was loaded, kept and unused. Raises ValueError where nothing fits."""
    ours = model.state_dict()
    fitting = {}
    for full, value in state_dict.items():
        name = full.removeprefix(prefix)
        wanted = full.startswith(prefix) and not any(fnmatchcase(name, pattern) for pattern in skip)
        if wanted and name in ours and ours[name].shape == np.shape(value):
            fitting[name] = value
    if not fitting:
        raise ValueError(
            f"the state_dict must have at least one name and shape of the model, {', '.join(ours)}, below "
            f"prefix={prefix!r}; it has {', '.join(state_dict)}"
        )
    model.load_state_dict(fitting, strict=False)
    taken = {prefix + name for name in fitting}
    return Loaded(
        [name for name in ours if name in fitting],
        [name for name in ours if name not in fitting],
        [full for full in state_dict if full not in taken],
    )
