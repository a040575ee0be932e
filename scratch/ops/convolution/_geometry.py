"""Where a kernel is laid on an image: sizes, steps and margins of a convolution, checked once for all of the family."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...types import Array

LAYOUTS = {1: "(N, C, L)", 2: "(N, C, H, W)"}


class Geometry(NamedTuple):
    """All that is whole numbers about a convolution of images: pairs are (along the height, along the width)."""

    size: tuple[int, int]  # of an image
    kernel: tuple[int, int]
    stride: tuple[int, int]
    margins: tuple[tuple[int, int], tuple[int, int]]  # zeros (above, below), (left, right); negative: so many cut off
    dilation: tuple[int, int]
    groups: int
    output: tuple[int, int]  # how many places the kernel is laid on


def geometry_of(x: Array, weight: Array, stride: Any, padding: Any, dilation: Any, groups: int) -> Geometry:
    """The geometry of an x and a weight that have passed `check_operands`. A signal is an image of one row.

    Raises ValueError or TypeError when an option is out of its range, or the kernel is larger than the padded image.
    """
    size, kernel = x.shape[2:], weight.shape[2:]
    axes = range(len(size))
    stride, dilation = (
        numbers(name, value, len(size), least=1) for name, value in (("stride", stride), ("dilation", dilation))
    )
    spans = tuple(dilation[a] * (kernel[a] - 1) + 1 for a in axes)
    margins = _margins(padding, stride, spans)
    room = tuple(size[a] + sum(margins[a]) for a in axes)
    if any(room[a] < spans[a] for a in axes):
        raise ValueError(
            f"the kernel must fit into x with its padding: it spans {spans}, and there is room for {room}; "
            f"got x {x.shape}, weight {weight.shape}"
        )
    output = tuple((room[a] - spans[a]) // stride[a] + 1 for a in axes)
    if len(size) == 1:
        one: tuple[int, ...] = (1,)
        size, kernel, stride, dilation, output = (one + value for value in (size, kernel, stride, dilation, output))
        margins = ((0, 0), *margins)
    return Geometry(size, kernel, stride, margins, dilation, groups, output)  # type: ignore[arg-type]


def check_operands(
    x: Array, weight: Array, bias: Array | None, groups: int, *, axes: int = 2, transposed: bool = False
) -> None:
    """Raise TypeError unless all are floating-point numbers of one dtype, ValueError unless their shapes fit.

    A weight is (O, C / groups, …); a transposed one (C, O / groups, …), the same seen from the other end.
    """
    given = [array for array in (x, weight, bias) if array is not None]
    if x.dtype.kind != "f" or any(array.dtype != x.dtype for array in given):
        dtypes = ", ".join(str(array.dtype) for array in given)
        raise TypeError(f"x, weight and bias must hold floating-point numbers of one dtype; got {dtypes}")
    shapes = f"got x {x.shape}, weight {weight.shape}"
    if x.ndim != axes + 2 or weight.ndim != axes + 2 or 0 in x.shape[1:] or 0 in weight.shape:
        raise ValueError(f"x must be {LAYOUTS[axes]} and weight have as many axes, none of them empty but N; {shapes}")
    if not isinstance(groups, int) or groups < 1 or weight.shape[0] % groups:
        raise ValueError(
            f"groups must be at least 1 and divide the first axis of weight; got groups {groups}, {shapes}"
        )
    outputs, channels = weight.shape[0], weight.shape[1] * groups
    if transposed:
        outputs, channels = channels, outputs
    if x.shape[1] != channels:
        raise ValueError(f"x must have {channels} channels for this weight and groups {groups}; {shapes}")
    if bias is not None and bias.shape != (outputs,):
        raise ValueError(
            f"bias must be ({outputs},), one per channel of y; got bias {bias.shape}, weight {weight.shape}"
        )


def numbers(name: str, value: Any, count: int, *, least: int) -> tuple[int, ...]:
    """One whole number for all axes, or one for each. Raises TypeError or ValueError, which name the option."""
    each = (value,) * count if isinstance(value, int) else value
    if not isinstance(each, (tuple, list)) or len(each) != count or not all(isinstance(number, int) for number in each):
        raise TypeError(f"{name} must be a whole number, or {count} of them; got {value!r}")
    if min(each) < least:
        raise ValueError(f"{name} must be at least {least}; got {value!r}")
    return tuple(each)


def _margins(padding: Any, stride: tuple[int, ...], spans: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    if padding == "valid":
        return tuple((0, 0) for _ in spans)
    if padding == "same":
        if max(stride) > 1:
            raise ValueError(f"padding 'same' makes y as large as x, which takes stride 1; got stride {stride}")
        return tuple(((span - 1) // 2, span // 2) for span in spans)
    if isinstance(padding, str):
        raise ValueError(f"padding must be 'same', 'valid' or whole numbers; got {padding!r}")
    return tuple((number, number) for number in numbers("padding", padding, len(spans), least=0))


def transposed_geometry_of(
    x: Array, weight: Array, stride: Any, padding: Any, output_padding: Any, dilation: Any, groups: int
) -> Geometry:
    """The geometry of the convolution that would take the larger image back to x.

    Raises ValueError or TypeError when an option is out of its range, or the larger image would be empty.
    """
    options = {"stride": (stride, 1), "dilation": (dilation, 1), "padding": (padding, 0)}
    stride, dilation, padding = (numbers(name, value, 2, least=least) for name, (value, least) in options.items())
    more = numbers("output_padding", output_padding, 2, least=0)
    if any(more[a] >= max(stride[a], dilation[a]) for a in (0, 1)):
        raise ValueError(
            f"output_padding must be smaller than stride or dilation; "
            f"got output_padding {more}, stride {stride}, dilation {dilation}"
        )
    output, kernel = x.shape[2:], weight.shape[2:]
    margins = tuple((padding[a], padding[a] - more[a]) for a in (0, 1))
    size = tuple((output[a] - 1) * stride[a] + dilation[a] * (kernel[a] - 1) + 1 - sum(margins[a]) for a in (0, 1))
    if min(size) < 1:
        raise ValueError(f"padding {padding} leaves nothing of y: its size would be {size}, for x {x.shape}")
    return Geometry(size, kernel, stride, margins, dilation, groups, output)  # type: ignore[arg-type]
