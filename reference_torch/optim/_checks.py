"""What PyTorch lets pass and this project refuses."""


def at_least_zero(**options: float) -> None:
    """Raise ValueError unless each option is 0 or more; NaN is neither."""
    for name, value in options.items():
        if not value >= 0:
            raise ValueError(f"{name} must be at least 0; got {value}")


def above_zero(**options: float) -> None:
    """Raise ValueError unless each option is more than 0."""
    for name, value in options.items():
        if not value > 0:
            raise ValueError(f"{name} must be above 0; got {value}")


def decay_rates(name: str, *rates: float) -> None:
    """Raise ValueError unless each is at least 0 and below 1."""
    if not all(0 <= rate < 1 for rate in rates):
        raise ValueError(f"{name} must be at least 0 and below 1; got {', '.join(map(str, rates))}")
