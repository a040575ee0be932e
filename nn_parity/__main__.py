"""`python -m nn_parity` is `nn-parity`."""

from .cli import main

main()
