"""A new head: the last layer of a pretrained network, made anew for other classes.

What the body of a network has learned to see serves many tasks; what its last layer says, only the one that it was
trained for. So that layer goes, and another with as many outputs as the new task has classes takes its place.

The new one begins with zeros. It says the same of every class, and so has no opinion yet that the body could be bent
to: with logits = features weightᵀ + bias,

    dfeatures = dlogits weight = 0        in the first step the head alone learns
    dweight   = dlogitsᵀ features ≠ 0     and it does: zeros are no trap where nothing multiplies them but features

The head of a frozen network learns, whether or not the old one did. An optimizer that was made before knows the old
one: make it after.

Source: Kolesnikov et al. 2019, "Big Transfer", arXiv:1912.11370 (a head of zeros).
PyTorch: model.fc = torch.nn.Linear(model.fc.in_features, classes), Module.get_submodule, set_submodule.
"""

from ..nn.init.constant import zeros_
from ..nn.linear import Linear
from ..nn.module import Module


def replace_head(model: Module, path: str, classes: int) -> Linear:
    """Put a dense layer of zeros with `classes` outputs in the place of the one at `path` ("output") → the new one.

    It has the inputs, the dtype and the mode of the old one, and a bias where that had one. Raises ValueError for less
    than one class and for a path that leads nowhere, TypeError where it leads to something else than a dense layer.
    """
    if classes < 1:
        raise ValueError(f"classes must be at least 1; got {classes}")
    modules = dict(model.named_modules())
    if not path or path not in modules:
        raise ValueError(
            f"path must lead to a layer of the model, one of {', '.join(filter(None, modules))}; got {path!r}"
        )
    old = modules[path]
    if not isinstance(old, Linear):
        raise TypeError(f"path must lead to a dense layer; {path} is a {type(old).__name__}")
    new = Linear(old.in_features, classes, bias=old.bias is not None, dtype=old.weight.dtype)
    for parameter in new.parameters():
        zeros_(parameter)
    new.train(old.training)
    owner, _, name = path.rpartition(".")
    setattr(modules[owner], name, new)
    return new
