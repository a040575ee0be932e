"""`nn-parity neighbours`: which words have learned vectors that are nearest to those of others."""

from __future__ import annotations

import difflib
import textwrap
from pathlib import Path
from typing import Annotated

import typer

PROJECT = "word2vec"


def neighbours(
    words: Annotated[list[str], typer.Argument(metavar="WORD", help="The words to ask for.")],
    checkpoint: Annotated[
        Path, typer.Option(metavar="FILE", help="From `nn-parity train word2vec --save FILE`.")
    ] = Path(f"{PROJECT}.safetensors"),
    count: Annotated[int, typer.Option(min=1, help="Neighbours to show.")] = 8,
) -> None:
    """Show the nearest neighbours of words among the vectors of word2vec.

    With each the cosine of the angle between the two vectors: 1 is the same
    direction, 0 a right angle.

    \b
    Examples:
      nn-parity train word2vec --save word2vec.safetensors
      nn-parity neighbours king love
      nn-parity neighbours father --count 20
    """  # noqa: D301
    from .. import checkpoints
    from ..words import nearest, vectors_of

    try:
        known = checkpoints.load_words(checkpoint, PROJECT)
        vectors = vectors_of(checkpoints.load(checkpoint, PROJECT))
    except checkpoints.CheckpointError as error:
        typer.echo(f"nn-parity: {error}", err=True)
        raise typer.Exit(1) from None
    asked = [_known(word.lower(), known) for word in words]
    for word in asked:
        near = ", ".join(f"{known[i]} {cosine:.2f}" for i, cosine in nearest(vectors, known.index(word), count))
        typer.echo(textwrap.fill(near, 80, initial_indent=f"{word:<12}", subsequent_indent=12 * " "))


def _known(word: str, known: list[str]) -> str:
    if word in known:
        return word
    near = difflib.get_close_matches(word, known, n=3)
    advice = f"; did you mean {' or '.join(near)}?" if near else ""
    raise typer.BadParameter(f"{word!r} is not among the {len(known):,} words that have a vector{advice}")
