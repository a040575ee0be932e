"""What all layers and networks are: objects that own parameters, and other such objects.

    class Network(Module):
        def __init__(self):
            super().__init__()
            self.hidden = Linear(2, 3)            # a child
            self.scale = Parameter(np.ones(1))    # a parameter

        def forward(self, x):
            return self.scale * self.hidden(x).tanh()

There is no list to keep by hand. A module finds what it owns among its own attributes, by their type: a `Parameter`
is learned, a `Module` is a child, and a tensor that was given to `register_buffer` is a *buffer*, state that is saved
but not learned, such as a running mean. So a network is a tree, and the path to a tensor is its name: "hidden.weight".
Everything else here is a walk over that tree: collecting parameters for an optimizer, switching between training and
inference, saving and loading, freezing.

Names, order and behaviour are those of torch.nn.Module, so a `state_dict` goes from one to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Self, TypeVar

import numpy as np
import numpy.typing as npt

from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..types import Array


class Parameter(Tensor):
    """A tensor that is learned: it needs a gradient, and a module that has it as an attribute owns it.

    data: an array or a tensor, whose memory is shared, or numbers in nested lists.
    """

    __slots__ = ()

    def __init__(self, data: Any, requires_grad: bool = True) -> None:
        super().__init__(data.data if isinstance(data, Tensor) else data, requires_grad=requires_grad)

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"


class IncompatibleKeys(NamedTuple):
    """What `load_state_dict(strict=False)` passed over."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class Handle(NamedTuple):
    """What to call to take a hook away."""

    remove: Callable[[], None]


class Module:
    """The base of layers and networks. A subclass writes `__init__` and `forward`."""

    training: bool = True

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """What the module computes; written by the subclass, called by `module(…)`."""
        raise NotImplementedError(f"{type(self).__name__} has no forward yet")

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """`forward`, and then the hooks."""
        output = self.forward(*inputs, **options)
        for hook in list(vars(self).get("_forward_hooks", ())):
            replaced = hook(self, inputs, output)
            output = output if replaced is None else replaced
        return output

    def register_forward_hook(self, hook: Callable[[Any, tuple[Any, ...], Any], Any]) -> Handle:
        """Call `hook(module, inputs, output)` after every forward; what it returns, if not None, is the new output.

        `remove()` of the result takes the hook away again.
        """
        hooks: list[Any] = vars(self).setdefault("_forward_hooks", [])
        hooks.append(hook)
        return Handle(lambda: hooks.remove(hook))

    def flops(self, x: Tensor, y: Tensor) -> int:
        """Floating-point operations of matrix products in one forward, two per multiply-add. Children count their own.

        A layer with a product says how many; elementwise work is small beside it and counts as none.
        """
        return 0

    # What it owns

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Make a tensor part of the state without learning it. Not persistent: `state_dict` leaves it out."""
        vars(self).setdefault("_buffers", {})[name] = persistent
        setattr(self, name, tensor)

    def __setattr__(self, name: str, value: Any) -> None:
        was_parameter = isinstance(vars(self).get(name), Parameter)
        if was_parameter and isinstance(value, Tensor) and not isinstance(value, Parameter):
            raise TypeError(
                f"{name} is a parameter, which an optimizer may know: assign a Parameter or None, "
                f"or write into it inside no_grad(): {name}[...] = …"
            )
        super().__setattr__(name, value)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules that are attributes of this one, by name."""
        return ((name, value) for name, value in vars(self).items() if isinstance(value, Module))

    def children(self) -> Iterator[Module]:
        """The modules that are attributes of this one."""
        return (child for _, child in self.named_children())

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """The module and everything below it, each once, by path: "", "hidden", "hidden.0"."""
        return _once(self._all_modules())

    def modules(self) -> Iterator[Module]:
        """The module and everything below it, each once."""
        return (module for _, module in self.named_modules())

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """All parameters, each once, by path. A parameter that two modules share has the path of the first."""
        return _once((name, value) for name, value in self._all_tensors() if isinstance(value, Parameter))

    def parameters(self) -> Iterator[Parameter]:
        """All parameters, each once: what an optimizer takes."""
        return (parameter for _, parameter in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, Tensor]]:
        """All buffers, each once, by path."""
        return _once((name, value) for name, value in self._all_tensors() if not isinstance(value, Parameter))

    def buffers(self) -> Iterator[Tensor]:
        """All buffers, each once."""
        return (buffer for _, buffer in self.named_buffers())

    def _all_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """The tree from the top; a module that occurs twice comes under both its paths."""
        yield prefix, self
        for name, child in self.named_children():
            yield from child._all_modules(_join(prefix, name))

    def _all_tensors(self, *, saved: bool = False) -> Iterator[tuple[str, Tensor]]:
        """Parameters and then buffers of each module of the tree; `saved`: without those that are not persistent."""
        for path, module in self._all_modules():
            attributes = vars(module)
            parameters = [name for name, value in attributes.items() if isinstance(value, Parameter)]
            buffers = [name for name, persistent in attributes.get("_buffers", {}).items() if persistent or not saved]
            for name in parameters + [name for name in buffers if attributes.get(name) is not None]:
                yield _join(path, name), attributes[name]

    # What is done to all of it

    def apply(self, function: Callable[[Module], None]) -> Self:
        """Call the function on every module, children first: to initialize, for example."""
        for child in self.children():
            child.apply(function)
        function(self)
        return self

    def train(self, mode: bool = True) -> Self:
        """Switch to training, or with False to inference. Dropout and batch normalization look at it."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Switch to inference."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freeze all parameters (False), or let them learn again. Only some: do it to a child, or to a parameter."""
        for parameter in self.parameters():
            parameter.requires_grad = requires_grad
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget all gradients; or, where memory is to be kept, set them to zero."""
        with no_grad():
            for parameter in self.parameters():
                if set_to_none:
                    parameter.grad = None
                elif parameter.grad is not None:
                    parameter.grad[...] = 0

    def to(self, dtype: npt.DTypeLike) -> Self:
        """Convert all floating-point parameters and buffers."""
        for _, tensor in self._all_tensors():
            if tensor.dtype.kind == "f":
                tensor.data = tensor.data.astype(dtype, copy=False)
                tensor.grad = None if tensor.grad is None else tensor.grad.to(np.dtype(dtype))
        return self

    # Saving and loading

    def state_dict(self) -> dict[str, Array]:
        """All parameters and persistent buffers by path, as the very arrays: training goes on to change them.

        A shared tensor stands under each of its paths.
        """
        return {name: tensor.data for name, tensor in self._all_tensors(saved=True)}

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> IncompatibleKeys:
        """Copy the values of a `state_dict`, of this or of PyTorch, into parameters and buffers.

        strict: whether every name must be there on both sides. Raises ValueError that lists all missing, unknown and
        mis-shaped names, and changes nothing then.
        """
        ours = dict(self._all_tensors(saved=True))
        arrays = {name: _array(value) for name, value in state_dict.items()}
        missing = [name for name in ours if name not in arrays]
        unknown = [name for name in arrays if name not in ours]
        wrong = [
            f"{name} must be {tensor.shape}, got {arrays[name].shape}"
            for name, tensor in ours.items()
            if name in arrays and arrays[name].shape != tensor.shape
        ]
        if wrong or (strict and (missing or unknown)):
            found = {"missing": missing, "unknown": unknown} if strict else {}
            lines = [f"\n  {kind}: {', '.join(names)}" for kind, names in {**found, "shape": wrong}.items() if names]
            raise ValueError(f"the state_dict does not fit {type(self).__name__}:{''.join(lines)}")
        with no_grad():
            for name, tensor in ours.items():
                if name in arrays:
                    tensor[...] = arrays[name].astype(tensor.dtype)
        return IncompatibleKeys(missing, unknown)

    # How it is shown

    def extra_repr(self) -> str:
        """What stands between the parentheses: the options of the layer."""
        return ""

    def __repr__(self) -> str:
        return nested(type(self).__name__, self.extra_repr(), [(name, repr(m)) for name, m in self.named_children()])


def nested(title: str, options: str, children: list[tuple[str, str]]) -> str:
    """`title(options)`, or with children one of them a line, each by its name and indented."""
    lines = [f"({name}): {text}" for name, text in children]
    if not lines:
        return f"{title}({options})"
    body = "\n".join([*([options] if options else []), *lines])
    return f"{title}(\n  " + body.replace("\n", "\n  ") + "\n)"


Named = TypeVar("Named")


def _once(pairs: Iterator[tuple[str, Named]]) -> Iterator[tuple[str, Named]]:
    """The pairs without those whose object has been there before."""
    seen: set[int] = set()
    for name, value in pairs:
        if id(value) not in seen:
            seen.add(id(value))
            yield name, value


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _array(value: Any) -> Array:
    """The array in a tensor, of this or of PyTorch; an array stays as it is."""
    return value.data if isinstance(value, Tensor) else np.asarray(value)
