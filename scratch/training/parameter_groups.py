"""Learning rates of their own: groups of parameters for an optimizer, by the names of the parameters.

What was pretrained is nearly right already and should move little; a new head knows nothing and has far to go. One
learning rate is too large for the one or too small for the other. So

    SGD(parameter_groups(model, {"output.*": 0.1, "body.0.*": 0.001, "body.*": 0.01}), momentum=0.9)

The first pattern that matches a name decides, so that an exception stands before its rule. The lower a layer, the
more general is what it sees, and the smaller its rate: layers of an image network begin with edges, whatever the
images show. A frozen parameter is in no group. One that learns and that no pattern names would never move, and an
optimizer cannot know about it: that is refused, and so is a pattern that no name matches.

A schedule multiplies each group's own rate, see optim.schedules.

Source: Howard & Ruder 2018, "Universal language model fine-tuning", arXiv:1801.06146 (discriminative fine-tuning).
PyTorch: the list of dicts that torch.optim.Optimizer takes as `params`.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from ..nn.module import Module, Parameter


def parameter_groups(model: Module, rates: Mapping[str, float]) -> list[dict[str, Any]]:
    """rates: pattern → learning rate. → [{"params": […], "lr": rate}, …], in the order of the patterns.

    A pattern whose parameters are all frozen, or belong to a pattern before it, has no group. Raises ValueError for
    a parameter that learns and that no pattern matches, and for a pattern that matches no parameter at all.
    """
    names = dict(model.named_parameters())
    for pattern in rates:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise ValueError(f"each pattern must match a parameter; {pattern!r} matches none of {', '.join(names)}")
    members: dict[str, list[Parameter]] = {pattern: [] for pattern in rates}
    for name, parameter in names.items():
        if parameter.requires_grad:
            members[_first_match(name, rates)].append(parameter)
    return [{"params": found, "lr": rates[pattern]} for pattern, found in members.items() if found]


def _first_match(name: str, rates: Mapping[str, float]) -> str:
    for pattern in rates:
        if fnmatchcase(name, pattern):
            return pattern
    raise ValueError(f"each parameter that learns must match a pattern of {', '.join(rates)}; {name} matches none")
