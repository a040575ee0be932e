"""Attention: what rows cannot say. Memory, caches against full decoding, and what training draws at random."""

import tracemalloc
from typing import Any

import numpy as np
import pytest
import torch

from scratch.autograd import Tensor
from scratch.nn import GPT2, KeyValueCache, MultiheadAttention, Transformer, TransformerEncoder, TransformerEncoderLayer
from scratch.nn.gpt2 import gpt2_state
from scratch.ops.attention import flash_attention, scaled_dot_product_attention

from .within_noise import agree

LENGTH = 512
MATRIX = LENGTH * LENGTH * 4  # bytes of the scores of one head in float32


def peak(op: Any) -> int:
    """The most memory that one forward and one backward hold at a time, in bytes."""
    generator = np.random.default_rng(0)
    query, key, value, dy = (generator.standard_normal((1, 1, LENGTH, 8), dtype=np.float32) for _ in range(4))
    tracemalloc.start()
    try:
        _, cache = op.forward(query, key, value, is_causal=True)
        op.backward(dy, cache)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_tiles_never_hold_the_matrix_of_weights() -> None:
    assert peak(flash_attention) < MATRIX / 2 < 2 * MATRIX < peak(scaled_dot_product_attention)


@pytest.mark.parametrize("parts", [(1,) * 6, (4, 1, 1), (2, 3, 1), (6,)])
def test_with_a_cache_the_same_comes_out(parts: tuple[int, ...]) -> None:
    query, key, value = (np.random.default_rng(0).standard_normal((2, 3, 6, 4)) for _ in range(3))
    cache, found = KeyValueCache(), []
    for part in parts:
        here = np.s_[:, :, len(cache) : len(cache) + part]
        found.append(cache.attend(Tensor(query[here]), Tensor(key[here]), Tensor(value[here])).numpy())
        assert len(cache) == sum(y.shape[2] for y in found)

    def at_once(tensors: list[torch.Tensor]) -> list[Any]:
        return [torch.nn.functional.scaled_dot_product_attention(*tensors, is_causal=True).numpy()]

    agree([np.concatenate(found, axis=2)], at_once, [query, key, value])


def test_a_cache_of_another_batch_is_refused() -> None:
    cache = KeyValueCache()
    one, two = Tensor(np.zeros((1, 2, 1, 3))), Tensor(np.zeros((2, 2, 1, 3)))
    cache.attend(one, one, one)
    with pytest.raises(ValueError, match=r"\(B, H\) = \(1, 2\)"):
        cache.attend(two, two, two)


@pytest.mark.parametrize("need_weights", [True, False])
def test_dropout_of_weights_happens_in_training_only(need_weights: bool) -> None:
    layer = MultiheadAttention(8, 2, dropout=0.5, batch_first=True, generator=0)
    x = Tensor(np.random.default_rng(1).standard_normal((2, 5, 8), dtype=np.float32))

    def run() -> Any:
        return layer(x, x, x, need_weights=need_weights)[0].detach().numpy()

    assert not np.array_equal(run(), run())
    layer.eval()
    expected = run()
    assert np.array_equal(run(), expected)
    layer.train()
    runs = np.array([run() for _ in range(400)])
    spread = runs.std(axis=0)
    assert np.all(np.abs(runs.mean(axis=0) - expected) < 5 * spread / np.sqrt(400))  # five standard errors of a mean
    assert np.all(spread > 0)


def test_the_layers_of_a_stack_do_not_drop_the_same() -> None:
    block = TransformerEncoderLayer(8, 2, 8, dropout=0.5, batch_first=True, generator=0)
    first, second = TransformerEncoder(block, 2).layers
    assert first.self_attn.generator is second.self_attn.generator is first.dropout.generator
    assert first.linear1.weight is not second.linear1.weight


def test_the_causal_mask_is_pytorchs() -> None:
    ours = Transformer.generate_square_subsequent_mask(4).numpy()
    assert np.array_equal(ours, torch.nn.Transformer.generate_square_subsequent_mask(4).numpy())


def test_first_values_are_as_pytorchs() -> None:
    """Xavier for the projections, zeros for their biases."""
    torch.manual_seed(0)
    ours, theirs = MultiheadAttention(64, 4, generator=0), torch.nn.MultiheadAttention(64, 4)
    bound = np.sqrt(6 / (64 + 3 * 64), dtype=np.float32)
    for weight in (ours.in_proj_weight.data, theirs.in_proj_weight.detach().numpy()):
        largest = np.abs(weight).max()
        assert (1 - 20 / weight.size) * bound < largest <= bound  # of so many, none comes nearer once in e²⁰ times
    assert not ours.in_proj_bias.data.any() and not ours.out_proj.bias.data.any()  # type: ignore[union-attr]


def test_a_published_checkpoint_fits_gpt2() -> None:
    """With the prefix of transformers, its masks, and the second copy of the embedding."""
    model = GPT2(11, 6, 8, 2, 2, generator=0)
    published: dict[str, Any] = {f"transformer.{name}": value for name, value in model.state_dict().items()}
    published |= {f"transformer.h.{i}.attn.bias": np.tri(6, dtype=bool)[None, None] for i in range(2)}
    published["lm_head.weight"] = published["transformer.wte.weight"]
    other = GPT2(11, 6, 8, 2, 2, generator=1)
    other.load_state_dict(gpt2_state(published))
    tokens = np.array([[1, 2, 3]])
    assert np.array_equal(other(tokens).detach().numpy(), model(tokens).detach().numpy())


def test_gpt2_has_the_names_and_the_size_of_the_published_model() -> None:
    names = GPT2(50257, 1024, 16, 12, 4).state_dict()
    assert {"wte.weight", "wpe.weight", "h.0.attn.c_attn.weight", "h.11.mlp.c_proj.bias", "ln_f.bias"} <= set(names)
    assert len(names) == 148
    assert names["h.0.attn.c_attn.weight"].shape == (16, 48)


def test_attention_maps_are_causal_and_sum_to_one() -> None:
    maps = GPT2(11, 6, 8, 2, 2, generator=0).attention_maps(np.array([[1, 2, 3, 4]]))
    assert [m.shape for m in maps] == [(1, 2, 4, 4)] * 2
    for weights in maps:
        few_roundings = weights.shape[-1] * np.finfo(weights.dtype).eps
        assert (np.abs(weights.sum(-1) - 1) <= few_roundings).all()
        assert not np.triu(weights, 1).any()
