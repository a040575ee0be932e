"""A layer of neurons for one example in plain Python, on lists.

    y[o] = weight[o][0] x[0] + weight[o][1] x[1] + … + bias[o]        for every output o

Every output neuron owns one row of `weight` and one bias, and all of them look at the same x.

Backward. Forward ran over outputs o and inputs i and added weight[o][i] · x[i] to y[o]; backward runs over the same
pairs and asks what each number of that line has done to the loss, given dy[o] = ∂loss/∂y[o]:

    dbias[o]      = dy[o]                  bias[o] is added to y[o], so it passes the gradient on
    dweight[o][i] = dy[o] · x[i]           weight[o][i] is used once, multiplied by x[i]
    dx[i]         = Σ_o dy[o] · weight[o][i]

The sum in the last line is there because x[i] is used by every neuron: a number used in several places gets the sum of
what each place asks for.

PyTorch: torch.nn.functional.linear on a vector.
"""

from typing import NamedTuple

Vector = list[float]
Matrix = list[Vector]


class Cache(NamedTuple):
    """What backward needs to know of forward."""

    x: Vector  # in numbers
    weight: Matrix  # out rows of in numbers


def forward(x: Vector, weight: Matrix, bias: Vector) -> tuple[Vector, Cache]:
    """x: in numbers, weight: out rows of in numbers, bias: out numbers → y: out numbers.

    Raises ValueError when a row of weight is not as long as x, or bias is not as long as weight.
    """
    for row in weight:
        if len(row) != len(x):
            raise ValueError(f"every row of weight must be as long as x; got a row of {len(row)} for x of {len(x)}")
    if len(bias) != len(weight):
        raise ValueError(f"bias must have one number per row of weight; got {len(bias)} for {len(weight)} rows")
    y = []
    for row, b in zip(weight, bias, strict=True):
        total = b
        for w, x_i in zip(row, x, strict=True):
            total += w * x_i
        y.append(total)
    return y, Cache(x, weight)


def backward(dy: Vector, cache: Cache) -> tuple[Vector, Matrix, Vector]:
    """dy: out numbers → dx: in numbers, dweight: out rows of in numbers, dbias: out numbers."""
    x, weight = cache
    dx = [0.0] * len(x)
    dweight = []
    for dy_o, row in zip(dy, weight, strict=True):
        dweight.append([dy_o * x_i for x_i in x])
        for i, w in enumerate(row):
            dx[i] += dy_o * w
    dbias = list(dy)
    return dx, dweight, dbias
