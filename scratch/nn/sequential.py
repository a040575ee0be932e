"""Modules in a row: the output of each is the input of the next.

    Sequential(f, g, h)(x) = h(g(f(x)))

The children are attributes named "0", "1", "2" …, so the weight of the first is "0.weight". With an (ordered) dict they
have the names of the dict.

PyTorch: torch.nn.Sequential.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from .module import Module


class Sequential(Module):
    """Sequential(f, g) or Sequential({"first": f, "second": g}). Raises TypeError for what is no module."""

    def __init__(self, *modules: Module | Mapping[str, Module]) -> None:
        super().__init__()
        named = modules[0] if len(modules) == 1 and isinstance(modules[0], Mapping) else None
        for name, module in named.items() if named is not None else enumerate(modules):
            if not isinstance(module, Module):
                raise TypeError(f"Sequential takes modules; number {name} is of type {type(module).__name__}")
            setattr(self, str(name), module)

    def forward(self, x: Any) -> Any:
        """Through all of them."""
        for module in self:
            x = module(x)
        return x

    def append(self, module: Module) -> Self:
        """Add a module at the end."""
        setattr(self, str(len(self)), module)
        return self

    def __len__(self) -> int:
        return sum(1 for _ in self.children())

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    def __getitem__(self, index: int | slice) -> Any:
        """The module at a place; for a slice, a Sequential that shares these modules, under their names."""
        children = list(self.named_children())
        return Sequential(dict(children[index])) if isinstance(index, slice) else children[index][1]
