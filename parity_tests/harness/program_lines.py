"""The kinds of line that a random program is made of.

Each kind picks operands among the values so far, chooses a line that is smooth there, and appends it; it says False
where it finds none. Kinds that come first are simpler: Hypothesis shrinks towards them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from .programs import Builder

MARGIN = 0.02  # how near an element may be to a kink

Kind = Callable[["Builder"], bool]


def smooth_function(b: Builder) -> bool:
    """A function of one value that is smooth everywhere."""
    texts = (
        "{0}.tanh()", "-{0}", "{0} * {0}", "{0}.exp()", "0.5 * {0}", "{0} + 1.5", "2.0 - {0}", "{0} ** 3", "{0} ** 2",
        "1.0 / ({0} * {0} + 1.0)", "({0} * {0} + 1.0).log()", "({0} * {0} + 0.5).sqrt()",
        "({0} * {0} + 0.5) ** -1.5", "1.5 ** {0}", "{0} / 3.0",
    )  # fmt: skip
    return b.append(b.draw.choice(texts), b.pick())


def function_with_kinks(b: Builder) -> bool:
    """A function of one value that is smooth at the elements it has."""
    text, fits = b.draw.choice(GUARDED)
    name = b.pick(fits)
    return fits(b.values[name]) and b.append(text, name)


def _away_from(*kinks: float) -> Callable[[torch.Tensor], bool]:
    return lambda value: all(bool(((value - kink).abs() > MARGIN).all()) for kink in kinks)


def _above(lowest: float) -> Callable[[torch.Tensor], bool]:
    return lambda value: bool((value > lowest).all())


GUARDED = (
    ("abs({0})", _away_from(0.0)),
    ("{0}.clip(-0.7, 0.9)", _away_from(-0.7, 0.9)),
    ("{0}.log()", _above(0.25)),
    ("{0}.sqrt()", _above(0.25)),
    ("{0} ** 1.5", _above(0.25)),
    ("1.0 / {0}", _above(0.25)),
)


def function_of_two(b: Builder) -> bool:
    """Two values of shapes that broadcast, the first of which may be any."""
    first = b.pick()
    second = b.pick(lambda value: _broadcast(value, b.values[first]))
    if not _broadcast(b.values[first], b.values[second]):
        return False
    x, y = b.values[first], b.values[second]
    texts = ["{0} + {1}", "{0} * {1}", "{0} - {1}", "{0} / ({1} * {1} + 1.0)"]
    if _above(0.25)(y):
        texts.append("{0} / {1}")
    if _above(0.25)(x):
        texts.append("{0} ** {1}")
    if _away_from(0.0)(x - y):
        texts += ["ag.maximum({0}, {1})", "ag.minimum({0}, {1})", "ag.where({0} < {1}, {1}, 2.0 * {0})"]
    return b.append(b.draw.choice(texts), first, second)


def _broadcast(x: torch.Tensor, y: torch.Tensor) -> bool:
    return all(m == n or 1 in (m, n) for m, n in zip(x.shape[::-1], y.shape[::-1], strict=False))


def reduction(b: Builder) -> bool:
    """Many elements to one, along an axis, along several, or all of them."""
    name = b.pick()
    x = b.values[name]
    dim = b.draw.choice([None, *range(-x.ndim, x.ndim), tuple(range(x.ndim))[:2]])
    along = [] if dim is None or dim == () else [f"dim={dim}"]
    keep = [f"keepdim={b.draw.boolean()}"] if along else []
    texts = ["sum", "mean"]
    if x.numel() > 1 and (dim is None or x.shape[dim if isinstance(dim, int) else 0] > 1):
        texts.append("var")
    if _clear_winner(x, dim):
        texts += ["amax", "max"]
    if _clear_winner(-x, dim):
        texts += ["amin"]
    if isinstance(dim, int):
        texts.append("cumsum")
    function = b.draw.choice(texts)
    if function == "cumsum":
        keep = []
    if function == "max" and isinstance(dim, tuple):
        function = "amax"
    values = ".values" if function == "max" and along else ""
    return b.append(f"{{0}}.{function}({', '.join(along + keep)}){values}", name)


def _clear_winner(x: torch.Tensor, dim: Any) -> bool:
    """Whether no two elements compete for being the largest."""
    rows = x.reshape(1, -1) if not isinstance(dim, int) else x.movedim(dim, -1)
    best = rows.topk(min(2, rows.shape[-1]), dim=-1).values
    return bool((best[..., 0] - best[..., -1] > MARGIN).all()) or rows.shape[-1] == 1


def change_of_shape(b: Builder) -> bool:
    """The same elements in another arrangement, or repeated."""
    name = b.pick()
    x = b.values[name]
    axes = list(range(x.ndim))
    texts = ["{0}.reshape(-1)", f"{{0}}.reshape({(*x.shape, 1)})", f"{{0}}[None].expand({(2, *x.shape)})"]
    if x.ndim:
        first, last = b.draw.choice(axes), b.draw.choice(axes)
        texts += [f"{{0}}.transpose({first}, {last - x.ndim})", f"{{0}}.permute({tuple(axes[1:] + axes[:1])})"]
        texts += [f"ag.pad({{0}}, ({b.draw.integer(-1, 2)}, {b.draw.integer(0, 2)}), value=0.5)", "{0}.reshape(-1, 1)"]
    return b.append(b.draw.choice(texts), name)


def joining(b: Builder) -> bool:
    """Several values as one."""
    first = b.pick()
    x = b.values[first]
    second = b.pick(lambda value: value.shape == x.shape)
    if b.values[second].shape != x.shape:
        second = first
    dim = b.draw.integer(-x.ndim - 1, x.ndim)
    if x.ndim and b.draw.boolean():
        return b.append(f"ag.concatenate([{{0}}, {{1}}, {{0}}], {dim % x.ndim})", first, second)
    return b.append(f"ag.stack([{{0}}, {{1}}], {dim})", first, second)


def reading(b: Builder) -> bool:
    """x[index], with all that an index can be."""
    name = b.pick(lambda value: value.ndim > 0)
    return b.append(f"{{0}}[{index(b, b.values[name].shape)}]", name)


def index(b: Builder, shape: torch.Size) -> str:
    """An index for a tensor of this shape."""
    if not shape:
        return "None"
    if b.draw.choice([False, False, False, True]):
        mask = b.draw.booleans(tuple(shape))
        mask.reshape(-1)[0] = True
        return f"np.array({mask.tolist()})"
    count = b.draw.integer(1, 3)
    parts = []
    for n in shape:
        i = b.draw.integer(-n, n - 1)
        listed = str([(i + 2 * k) % n for k in range(count)])
        parts.append(b.draw.choice([":", str(i), f"{i % n}:", "::2", listed, listed]))
    if b.draw.boolean():
        parts.insert(b.draw.integer(0, len(parts)), "None")
    if b.draw.boolean():
        parts = [*parts[: b.draw.integer(0, len(parts))], "..."]
    return ", ".join(parts)


def writing(b: Builder) -> bool:
    """A write to a copy, in place."""
    name, other = b.pick(), b.pick(lambda value: value.ndim == 0)
    x, y = b.values[name], b.values[other]
    copied = "{out} = {0}.clone(); "
    texts = ["{out} *= 0.5", "{out} += {0}", "{out} -= 1.0", "{out}[...] = 0.3 * {0}"]
    if y.ndim == 0:
        texts.append("{out} += {1}")
        if x.ndim:
            texts.append(f"{{out}}[{b.draw.choice(['0', '-1', '::2', '...', '1:'])}] = {{1}}")
    return b.append(copied + b.draw.choice(texts), name, other)


def product(b: Builder) -> bool:
    """A product of matrices or vectors."""
    first = b.pick(lambda value: value.ndim > 0)
    x = b.values[first]
    if not x.ndim:
        return False
    second = b.pick(lambda value: value.ndim > 0 and value.shape[-2 if value.ndim > 1 else 0] == x.shape[-1])
    y = b.values[second]
    texts = ["{0} @ {0}.transpose(-1, -2)", 'ag.einsum("...ij->...", {0})', 'ag.einsum("...ij,...kj->...ik", {0}, {0})']
    if x.ndim == 1:
        texts = ["{0} @ {0}", 'ag.einsum("i,j->ij", {0}, {0})']
    if y.ndim and y.shape[-2 if y.ndim > 1 else 0] == x.shape[-1] and (x.ndim < 3 or y.ndim < 3):
        texts += ["{0} @ {1}", "({0} @ {1}).tanh()"]
    return b.append(b.draw.choice(texts), first, second)


KINDS: tuple[Kind, ...] = (
    smooth_function,
    function_of_two,
    smooth_function,
    function_of_two,
    reduction,
    reading,
    change_of_shape,
    function_with_kinks,
    joining,
    product,
    writing,
)
