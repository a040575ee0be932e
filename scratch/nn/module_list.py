"""A list of modules that is a module itself.

    self.blocks = ModuleList(Block() for _ in range(12))        names: "blocks.0.weight", "blocks.1.weight" …

A module finds its children among its attributes. In a plain Python list it would not see them: no optimizer would get
their parameters, no file would hold them, and nobody would complain. This list keeps each as an attribute "0", "1" ….
It has no forward; what to do with its modules, the owner says.

PyTorch: torch.nn.ModuleList.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Self

from .module import Module, nested


class ModuleList(Module):
    """ModuleList([f, g]). Raises TypeError for what is no module."""

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        super().__init__()
        self._renumber(modules)

    def append(self, module: Module) -> Self:
        """Add a module at the end."""
        return self.extend([module])

    def extend(self, modules: Iterable[Module]) -> Self:
        """Add modules at the end."""
        self._renumber([*self, *modules])
        return self

    def insert(self, index: int, module: Module) -> None:
        """Put a module in front of the one at this place."""
        modules = list(self)
        modules.insert(index, module)
        self._renumber(modules)

    def __len__(self) -> int:
        return sum(1 for _ in self.children())

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    def __getitem__(self, index: int | slice) -> Any:
        """The module at a place; for a slice, a ModuleList that shares these modules, numbered from 0."""
        modules = list(self)[index]
        return ModuleList(modules) if isinstance(modules, list) else modules

    def __setitem__(self, index: int, module: Module) -> None:
        modules = list(self)
        modules[index] = module
        self._renumber(modules)

    def __delitem__(self, index: int | slice) -> None:
        modules = list(self)
        del modules[index]
        self._renumber(modules)

    def _renumber(self, modules: Iterable[Module]) -> None:
        """Hold these modules, and no others."""
        modules = list(modules)
        for i, module in enumerate(modules):
            if not isinstance(module, Module):
                raise TypeError(f"ModuleList takes modules; number {i} is of type {type(module).__name__}")
        for name, _ in list(self.named_children()):
            delattr(self, name)
        for i, module in enumerate(modules):
            setattr(self, str(i), module)

    def __repr__(self) -> str:
        """Equal neighbours on one line: "(0-11): 12 x Block(…)"."""
        lines = []
        for text, group in groupby(self.named_children(), key=lambda child: repr(child[1])):
            names = [name for name, _ in group]
            alone = len(names) == 1
            lines.append((names[0], text) if alone else (f"{names[0]}-{names[-1]}", f"{len(names)} x {text}"))
        return nested("ModuleList", "", lines)
