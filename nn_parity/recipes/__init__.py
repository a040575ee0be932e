"""The projects: for each what it learns, from which data, and how. Both sides cook by the same recipe."""

from . import (
    convolutional,
    detection,
    first_networks,
    generative,
    mini_gpt,
    sequences,
    trained_networks,
    transfer,
    word2vec,
)
from .recipe import Recipe

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        *first_networks.RECIPES,
        *trained_networks.RECIPES,
        *convolutional.RECIPES,
        *detection.RECIPES,
        *sequences.RECIPES,
        word2vec.WORD2VEC,
        mini_gpt.MINI_GPT,
        *transfer.RECIPES,
        *generative.RECIPES,
    )
}

__all__ = ["RECIPES", "Recipe"]
