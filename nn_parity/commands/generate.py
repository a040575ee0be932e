"""`nn-parity generate`: let a trained language model write, as fast as it can be read."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from ._shared import OneSide, check_picture


class Project(StrEnum):
    """What can write."""

    mini_gpt = "mini_gpt"


def generate(
    project: Annotated[Project, typer.Argument(help="A language model.")],
    prompt: Annotated[str, typer.Option(help="What the text begins with.")] = "\n",
    checkpoint: Annotated[
        Path | None, typer.Option(metavar="FILE", help="From `nn-parity train PROJECT --save FILE`.")
    ] = None,
    side: Annotated[OneSide, typer.Option(help="The NumPy network or the PyTorch network.")] = OneSide.scratch,
    length: Annotated[int, typer.Option(min=1, help="Characters to write.")] = 500,
    temperature: Annotated[float, typer.Option(min=0, help="How daring; 0: always the likeliest (greedy).")] = 0.8,
    top_k: Annotated[int | None, typer.Option(min=1, help="Choose among the k likeliest.")] = None,
    top_p: Annotated[float | None, typer.Option(help="Choose among the likeliest that share this probability.")] = None,
    repetition_penalty: Annotated[float, typer.Option(help="Above 1: repeat less.")] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="Of the choices.")] = 0,
    attention: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw who looks at whom in the prompt.")
    ] = None,
) -> None:
    """Write a text with a trained model.

    \b
    Examples:
      nn-parity train mini_gpt --save mini_gpt.safetensors
      nn-parity generate mini_gpt --prompt "ROMEO:"
      nn-parity generate mini_gpt --prompt "To be" --temperature 0
      nn-parity generate mini_gpt --side torch --top-p 0.9 --seed 3
      nn-parity generate mini_gpt --prompt "My lord" --attention maps.png
    """  # noqa: D301
    from ..checkpoints import CheckpointError, load
    from ..corpus import decode, encode
    from ..recipes import RECIPES
    from ..writing import Choice, restore, write

    if top_p is not None and not 0 < top_p <= 1:
        raise typer.BadParameter("must be above 0, up to 1", param_hint="--top-p")
    if not repetition_penalty > 0:
        raise typer.BadParameter("must be above 0", param_hint="--repetition-penalty")
    try:
        tokens = encode(prompt)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--prompt") from error
    if not tokens.size:
        raise typer.BadParameter("must have at least one character", param_hint="--prompt")
    check_picture(attention, "--attention")
    package = "scratch" if side is OneSide.scratch else "reference_torch"
    try:
        parameters = load(checkpoint or Path(f"{project.value}.safetensors"), project.value)
        model = restore(package, parameters, RECIPES[project.value].settings)
    except CheckpointError as error:
        typer.echo(f"nn-parity: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(prompt, nl=False)
    choice = Choice(temperature, top_k, top_p, repetition_penalty)
    try:
        for token in islice(write(model, tokens, choice, package, seed), length):
            typer.echo(decode([token]), nl=False)
    except KeyboardInterrupt:
        typer.echo()
        raise typer.Exit(130) from None
    typer.echo()
    if attention is not None:
        from ..attention_maps import draw

        shown = tokens[-model.n_positions :]
        maps = restore("scratch", parameters, RECIPES[project.value].settings).attention_maps(shown[None])
        draw([block[0] for block in maps], decode(shown), attention)
        typer.echo(f"attention maps: {attention}")
