"""What the recurrent networks of this folder demand of their arguments, and how they say so."""

from ...types import Array


def check_weights(
    x: Array,
    states: dict[str, Array],
    weight_ih: Array,
    weight_hh: Array,
    bias_ih: Array | None,
    bias_hh: Array | None,
    *,
    gates: int,
) -> None:
    """Raise unless x (..., B, I), the states (B, H) and the weights of so many gates belong together."""
    given: dict[str, Array | None] = {"x": x, **states, "weight_ih": weight_ih, "weight_hh": weight_hh}
    given |= {"bias_ih": bias_ih, "bias_hh": bias_hh}
    wrong = [
        f"{name} {a.dtype}"
        for name, a in given.items()
        if a is not None and (a.dtype.kind != "f" or a.dtype != x.dtype)
    ]
    if wrong:
        raise TypeError(f"all arrays must be floating-point, of the dtype of x, {x.dtype}; got {', '.join(wrong)}")
    hidden = weight_hh.shape[-1] if weight_hh.ndim else 0
    batch, inputs = x.shape[-2:]
    rows = "H" if gates == 1 else f"{gates} H"
    rules = {
        "weight_hh": ((gates * hidden, hidden), f"({rows}, H)"),
        "weight_ih": ((gates * hidden, inputs), f"({rows}, I)"),
        **dict.fromkeys(states, ((batch, hidden), "(B, H)")),
        "bias_ih": ((gates * hidden,), f"({rows},)"),
        "bias_hh": ((gates * hidden,), f"({rows},)"),
    }
    for name, (shape, rule) in rules.items():
        array = given[name]
        if array is not None and array.shape != shape:
            raise ValueError(
                f"{name} must be {rule} = {shape}, for x {x.shape} and weight_hh {weight_hh.shape}; got {array.shape}"
            )


def check_one_step(x: Array) -> None:
    """Raise ValueError unless x is (B, I)."""
    if x.ndim != 2:
        raise ValueError(f"x must be (B, I), one step of every sequence; got x {x.shape}")


def check_sequence(x: Array, lengths: Array | None) -> None:
    """Raise unless x is (T, B, I), of one step at least, and lengths, if there are any, are B numbers from 1 to T."""
    if x.ndim != 3 or not x.shape[0]:
        raise ValueError(f"x must be (T, B, I), of one step at least; got x {x.shape}")
    if lengths is None:
        return
    steps, batch, _ = x.shape
    if lengths.dtype.kind not in "iu":
        raise TypeError(f"lengths must be whole numbers; got {lengths.dtype}")
    if lengths.shape != (batch,):
        raise ValueError(
            f"lengths must be (B,) = ({batch},), one for each sequence of x {x.shape}; got {lengths.shape}"
        )
    wrong = (lengths < 1) | (lengths > steps)
    if wrong.any():
        raise ValueError(f"lengths must be from 1 to {steps}, the steps of x {x.shape}; got {int(lengths[wrong][0])}")


def check_nonlinearity(nonlinearity: str) -> None:
    """Raise ValueError unless it is one of the two that there are."""
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f'nonlinearity must be "tanh" or "relu"; got {nonlinearity!r}')
