"""A new head, by set_submodule."""

from torch import nn


def replace_head(model: nn.Module, path: str, classes: int) -> nn.Linear:
    """Put a dense layer of zeros with `classes` outputs in the place of the one at `path` → the new one."""
    if classes < 1:
        raise ValueError("classes must be at least 1")
    old = dict(model.named_modules()).get(path)
    if not path or not isinstance(old, nn.Linear):
        raise TypeError(f"{path} is no nn.Linear")
    new = nn.Linear(old.in_features, classes, bias=old.bias is not None, dtype=old.weight.dtype).train(old.training)
    for parameter in new.parameters():
        nn.init.zeros_(parameter)
    owner, _, name = path.rpartition(".")
    setattr(model.get_submodule(owner), name, new)
    return new
