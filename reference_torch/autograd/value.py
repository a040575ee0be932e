"""A single number that remembers how it was computed: in PyTorch, a tensor without axes."""

import torch


def Value(data: float) -> torch.Tensor:  # noqa: N802
    """A float64 leaf. `+ - * / **`, `exp`, `log`, `tanh`, `relu`, `backward` and `grad` are those of any tensor."""
    return torch.tensor(data, dtype=torch.float64, requires_grad=True)
