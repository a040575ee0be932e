"""Lesson 18: a GPT."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import zeros

from nn_parity.recipes import mini_gpt

from ..harness.entry import Case, Entry, Mistake, Project, Refusal
from ..harness.inputs import Draw, cases
from ..harness.networks import network

BLOCK = ("ln_1.weight", "ln_1.bias", "attn.c_attn.weight", "attn.c_attn.bias", "attn.c_proj.weight",
         "attn.c_proj.bias", "ln_2.weight", "ln_2.bias", "mlp.c_fc.weight", "mlp.c_fc.bias", "mlp.c_proj.weight",
         "mlp.c_proj.bias")  # fmt: skip
NAMES = ("wte.weight", "wpe.weight", *(f"h.{i}.{name}" for i in range(2) for name in BLOCK), "ln_f.weight", "ln_f.bias")
POSITIONS = 5


def language_model(nn: Any, *, vocabulary: int, features: int, heads: int, parts: tuple[int, ...] | None) -> Any:
    """Two blocks; the tokens at once, or in parts with a cache of keys and values."""

    class Network(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.gpt = nn.GPT2(vocabulary, POSITIONS, features, 2, heads)

        def forward(self, tokens: Any) -> Any:
            if parts is None:
                return self.gpt(tokens)
            caches, begin, found = [nn.KeyValueCache() for _ in range(2)], 0, []
            for part in parts:
                found.append(self.gpt(tokens[:, begin : begin + part], caches))
                begin += part
            return tuple(found)

    return Network()


def gpt_state(draw: Any, vocabulary: int, features: int) -> list[Any]:
    shapes = {
        "wte.weight": (vocabulary, features),
        "wpe.weight": (POSITIONS, features),
        "c_attn.weight": (features, 3 * features),
        "c_attn.bias": (3 * features,),
        "c_fc.weight": (features, 4 * features),
        "c_fc.bias": (4 * features,),
        "mlp.c_proj.weight": (4 * features, features),
        "attn.c_proj.weight": (features, features),
    }
    found = []
    for name in NAMES:
        shape = next((shape for end, shape in shapes.items() if name.endswith(end)), (features,))
        found.append(draw.uniform(shape, -1.0, 1.0))
    return found


@cases("smooth")
def gpt_inputs(draw: Draw) -> Case:
    heads, vocabulary = draw.choice((1, 2)), draw.integer(2, 4)
    features = heads * draw.size(2, 3)
    parts = draw.choice((None, None, (1, 1), (2, 1, 2), (3,)))
    length = sum(parts) if parts else draw.size(1, POSITIONS)
    tokens = draw.integers((draw.size(1, 2), length), 0, vocabulary)
    options = {"vocabulary": vocabulary, "features": features, "heads": heads, "parts": parts}
    return Case((tokens, *gpt_state(draw, vocabulary, features)), options)


@cases("smooth", "extreme")
def dense_inputs(draw: Draw) -> Case:
    inputs, outputs = draw.size(1), draw.size(1)
    x = draw.floats((*draw.shape(max_rank=2), inputs))
    return Case((x, draw.uniform((inputs, outputs), -1, 1), draw.uniform((outputs,), -1, 1)))


def dense(*leading: int, inputs: int, outputs: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        x = generator.standard_normal((*leading, inputs), dtype=np.float32)
        weight = generator.uniform(-0.1, 0.1, (inputs, outputs)).astype(np.float32)
        return Case((x, weight, weight[0].copy()))

    return build


X = zeros((2, 3))
GPT = {"vocabulary": 3, "features": 4, "heads": 2, "parts": None}


class _Zeros:
    """What `gpt_state` needs of a Draw."""

    def uniform(self, shape: tuple[int, ...], low: float, high: float) -> Any:
        return zeros(shape)


STATE = tuple(gpt_state(_Zeros(), 3, 4))


def narrow(generator: np.random.Generator) -> dict[str, Any]:
    """Two narrow blocks, whose weights are large enough for gradients that are clipped."""
    return {name: 10.0 * x if x.ndim > 1 else x for name, x in mini_gpt.start(generator, layers=2, width=16).items()}


PROJECT = Project(
    "projects.mini_gpt",
    lesson=18,
    title="Project: a GPT writes Shakespeare",
    slow=True,
    steps=10,
    batch=2,
    small=narrow,
    mistakes=(
        Mistake("gradients are not clipped", "clip_grad_norm_(self.model.parameters(), self.max_norm)", "pass"),
        Mistake(
            "each gradient is clipped by itself",
            "clip_grad_norm_(self.model.parameters(), self.max_norm)",
            "[clip_grad_norm_(parameter, self.max_norm) for parameter in self.model.parameters()]",
        ),
        Mistake("biases and norms are decayed too", '"weight_decay": 0.0}', '"weight_decay": weight_decay}'),
        Mistake(
            "no weight decay",
            '"params": matrices, "weight_decay": weight_decay',
            '"params": matrices, "weight_decay": 0',
        ),
        Mistake("the schedule is ignored", 'group["lr"] = learning_rate', 'group["lr"] = 1e-3'),
        Mistake("gradients add up over steps", "        self.optimizer.zero_grad()\n", ""),
        Mistake("the betas are the usual ones", "betas=betas)", "betas=(0.9, 0.999))"),
        Mistake(
            "the loss of the last character only",
            "loss = apply_cross_entropy(logits.reshape(target.size, logits.shape[-1]), target.reshape(-1))",
            "loss = apply_cross_entropy(logits[:, -1], target[:, -1])",
        ),
        Mistake("the target is the character itself", "target.reshape(-1))", "x.reshape(-1))"),
    ),
)

ROWS = (
    PROJECT,
    Entry(
        "ops.linear.linear_in_out",
        lesson=18,
        title="Dense layer with a weight (in, out)",
        inputs=dense_inputs,
        refusals=(
            Refusal("weight is (out, in)", Case((X, zeros((2, 3)), zeros(3))), says=("weight", "(in, out)", "(2, 3)")),
            Refusal("bias of another width", Case((X, zeros((3, 4)), zeros(3))), says=("bias", "(out,)", "(3,)")),
        ),
        sizes={
            "small": dense(32, inputs=64, outputs=64),
            "medium": dense(12, 64, inputs=128, outputs=512),
            "large": dense(8, 256, inputs=768, outputs=768),
        },
        mistakes=(
            Mistake("no bias", replace="    y += bias\n", by=""),
            Mistake("dx by the weight, not its transpose", replace="dy @ weight.T", by="dy @ (weight if weight.shape[0] == weight.shape[1] else weight.T)"),
            Mistake("dbias is a mean", replace="over_rows(dy)", by="over_rows(dy) / max(len(dy), 1)"),
            Mistake("dweight of the first rows only", replace="fold(x).T @ dy", by="fold(x)[:2].T @ dy[:2]"),
            Mistake("dweight from absolute values", replace="fold(x).T @ dy", by="abs(fold(x)).T @ dy"),
        ),
    ),
    Entry(
        "nn.gpt2",
        lesson=18,
        title="GPT-2",
        inputs=gpt_inputs,
        refusals=(
            Refusal(
                "a text that is too long",
                Case((np.zeros((1, 6), np.int64), *STATE), GPT),
                says=("n_positions=5", "6"),
            ),
            Refusal(
                "heads that do not divide the features",
                Case((np.zeros((1, 2), np.int64), *STATE), {**GPT, "heads": 3}),
                says=("n_head", "n_embd=4", "n_head=3"),
            ),
        ),
        mistakes=(
            Mistake("attention without its mask", replace="apply_attention(q, k, v, is_causal=True)", by="apply_attention(q, k, v)"),
            Mistake("the cache is ignored", replace="cache.attend(q, k, v) if cache is not None else apply", by="apply"),
            Mistake("positions always count from 0", replace="self.wpe.weight[seen : seen + length]", by="self.wpe.weight[0:length]"),
            Mistake("no positions", replace="self.wte(tokens) + self.wpe.weight[seen : seen + length]", by="self.wte(tokens) + 0 * self.wpe.weight[seen : seen + length]"),
            Mistake("scaled by d instead of √d", replace="q, k, v, is_causal=True)", by="q, k, v, is_causal=True, scale=1 / q.shape[-1])"),
            Mistake("heads not separated", replace="q, k, v = apply_split(self.c_attn(x), num_heads=self.n_head)  # (B", by="q, k, v = apply_split(self.c_attn(x), num_heads=1)  # (B"),
            Mistake("heads not put side by side again", replace="heads.transpose(1, 2).reshape(*x.shape)", by="heads.reshape(*x.shape)"),
            Mistake("k and q change places", replace="q, k, v = apply_split(self.c_attn(x), num_heads=self.n_head)  # (B", by="k, q, v = apply_split(self.c_attn(x), num_heads=self.n_head)  # (B"),
            Mistake("the other GELU", replace='approximate="tanh"', by='approximate="none"'),
            Mistake("post-norm", replace="x = x + self.attn(self.ln_1(x), cache)", by="x = self.ln_1(x + self.attn(x, cache))"),
            Mistake("no residual", replace="return x + self.mlp(self.ln_2(x))", by="return self.mlp(self.ln_2(x))"),
            Mistake("attention and feed-forward part side by side", replace="        x = x + self.attn(self.ln_1(x), cache)\n        return x + self.mlp(",
                    by="        return x + self.attn(self.ln_1(x), cache) + self.mlp("),
            Mistake("no last norm", replace="apply_linear(self.ln_f(x), self", by="apply_linear(x + 0 * self.ln_f(x), self"),
            Mistake("the output layer is a copy: no gradient from there", replace="self.wte.weight, None)", by="self.wte.weight.detach(), None)"),
            Mistake("epsilon of another size", replace="self.ln_1 = LayerNorm(n_embd, epsilon,", by="self.ln_1 = LayerNorm(n_embd, 1e-2,"),
        ),
        share=0.3,
        adapter=network(
            language_model, inputs=("tokens",), state=tuple(f"gpt.{name}" for name in NAMES), any_layout=False
        ),
    ),
)  # fmt: skip
