"""Lesson 18: a GPT, and how a token is chosen from its scores."""

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


# Sampling: choices are made where rounding cannot change them


def scores(draw: Draw, *, rank: int | None = None) -> Any:
    """Logits of different tokens, none so close to another that a rounding could make them equal."""
    shape = draw.shape(max_rank=2) if rank is None else tuple(draw.size(1, 3) for _ in range(rank))
    tokens = draw.size(1, 7)
    order = np.argsort(draw.uniform((*shape, tokens), 0, 1), axis=-1)
    return ((order - draw.integer(0, tokens)) * draw.choice((0.25, 1.0, 3.0))).astype(draw.dtype)


@cases("smooth")
def some_scores(draw: Draw) -> Case:
    return Case((scores(draw),))


@cases("smooth")
def temperatures(draw: Draw) -> Case:
    return Case((scores(draw),), {"temperature": draw.choice((0.1, 0.5, 1.0, 2.0))})


@cases("smooth")
def best_k(draw: Draw) -> Case:
    logits = scores(draw)
    if draw.boolean():
        logits = np.round(logits / 2)  # ties
    return Case((logits,), {"k": draw.integer(1, 9)})


def shares(logits: Any) -> Any:
    e = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


@cases("smooth")
def nuclei(draw: Draw) -> Case:
    """One row of different logits, and a p in the middle between two sums."""
    logits = scores(draw, rank=0)
    sums = np.concatenate([[0.0], np.cumsum(np.sort(shares(logits))[::-1])])
    place = draw.integer(0, len(logits) - 1)
    p = float((sums[place] + sums[place + 1]) / 2) if sums[place + 1] - sums[place] > 1e-3 else 1.0
    rows = draw.choice((None, 2))
    return Case((logits if rows is None else np.stack([logits] * rows),), {"p": p})


@cases("smooth")
def written(draw: Draw) -> Case:
    rows, tokens = draw.size(1, 3), draw.size(1, 6)
    logits = draw.uniform((rows, tokens), -3.0, 3.0)
    return Case(
        (logits, draw.integers((rows, draw.size(0, 8)), 0, tokens)), {"penalty": draw.choice((1.2, 2.0, 0.8, 1.0))}
    )


@cases("smooth")
def darts(draw: Draw) -> Case:
    """A dart for each row, in the middle of the share of some token."""
    logits = scores(draw)
    if draw.boolean() and logits.shape[-1] > 1:
        logits[..., draw.integer(0, logits.shape[-1] - 2)] = -np.inf  # a token that is out
    probability = shares(logits)
    chosen = np.argmax(probability * draw.uniform(logits.shape, 0.5, 1).astype(np.float64), axis=-1, keepdims=True)
    wide = np.take_along_axis(probability, chosen, -1)
    middle = np.take_along_axis(np.cumsum(probability, -1), chosen, -1) - wide / 2
    return Case((logits, middle[..., 0].astype(draw.dtype)))


def tokens_and_text(batch: int, vocabulary: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        logits = generator.standard_normal((batch, vocabulary), dtype=np.float32)
        return Case((logits, generator.integers(0, vocabulary, (batch, 64))), {"penalty": 1.2})

    return build


def some_logits(batch: int, vocabulary: int, **options: Any) -> Callable[[np.random.Generator], Case]:
    return lambda generator: Case((generator.standard_normal((batch, vocabulary), dtype=np.float32),), options)


def dense(*leading: int, inputs: int, outputs: int) -> Callable[[np.random.Generator], Case]:
    def build(generator: np.random.Generator) -> Case:
        x = generator.standard_normal((*leading, inputs), dtype=np.float32)
        weight = generator.uniform(-0.1, 0.1, (inputs, outputs)).astype(np.float32)
        return Case((x, weight, weight[0].copy()))

    return build


X = zeros((2, 3))
WHOLE = Refusal("whole numbers", Case((np.ones((2, 3), np.int64),)), says=("logits", "floating-point", "int64"))
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
            Mistake("dbias is a mean", replace="dy.sum(axis=0)", by="dy.mean(axis=0)"),
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
    Entry(
        "ops.sampling.greedy",
        lesson=18,
        title="Greedy decoding",
        inputs=some_scores,
        gradient=False,
        refusals=(WHOLE, Refusal("no tokens", Case((zeros((2, 0)),)), says=("logits", "(2, 0)"))),
        sizes={"small": some_logits(1, 65), "medium": some_logits(16, 5000), "large": some_logits(16, 50257)},
        mistakes=(
            Mistake("the lowest score", replace="logits.argmax", by="logits.argmin"),
            Mistake("over the batch", replace="logits.argmax(axis=-1, keepdims=True)[..., 0]", by="logits.argmax(axis=0) if logits.ndim == 2 else logits.argmax(axis=-1, keepdims=True)[..., 0]"),
            Mistake("the largest size, whatever its sign", replace="logits.argmax", by="abs(logits).argmax"),
            Mistake("one too far", replace="[..., 0]", by="[..., 0] + 1"),
        ),
    ),
    Entry(
        "ops.sampling.temperature",
        lesson=18,
        title="Temperature",
        inputs=temperatures,
        gradient=False,
        refusals=(
            Refusal("a temperature of 0", Case((X,), {"temperature": 0.0}), says=("temperature", "above 0", "greedy")),
            Refusal("a negative one", Case((X,), {"temperature": -1.0}), says=("temperature", "-1.0")),
        ),
        mistakes=(
            Mistake("multiplied", replace="return logits / temperature", by="return logits * temperature"),
            Mistake("ignored", replace="return logits / temperature", by="return logits * 1"),
            Mistake("the root of it", replace="return logits / temperature", by="return logits / temperature**0.5"),
        ),
    ),
    Entry(
        "ops.sampling.top_k",
        lesson=18,
        title="Top-k",
        inputs=best_k,
        gradient=False,
        refusals=(Refusal("no token stays", Case((X,), {"k": 0}), says=("k", "at least 1", "0")),),
        sizes={
            "small": some_logits(1, 65, k=10),
            "medium": some_logits(16, 5000, k=50),
            "large": some_logits(16, 50257, k=50),
        },
        mistakes=(
            Mistake("ignored", replace="logits >= smallest_kept", by="logits >= -math.inf"),
            Mistake("one too many", replace="tokens - min(k, tokens) ", by="max(tokens - min(k, tokens) - 1, 0) "),
            Mistake("one too few", replace="tokens - min(k, tokens) ", by="min(tokens - min(k, tokens) + 1, tokens - 1) "),
            Mistake("the k lowest", replace="logits >= smallest_kept", by="logits <= smallest_kept"),
            Mistake("ties with the k-th are out", replace="logits >= smallest_kept", by="(logits > smallest_kept) | (logits == logits.max(-1, keepdims=True))"),
            Mistake("what is out gets 0, which is a score", replace="-math.inf)", by="0)"),
        ),
    ),
    Entry(
        "ops.sampling.top_p",
        lesson=18,
        title="Top-p, the nucleus",
        inputs=nuclei,
        gradient=False,
        refusals=(
            Refusal("no probability", Case((X,), {"p": 0.0}), says=("p", "above 0", "0.0")),
            Refusal("more than all", Case((X,), {"p": 1.5}), says=("p", "1.5")),
        ),
        sizes={
            "small": some_logits(1, 65, p=0.9),
            "medium": some_logits(16, 1000, p=0.9),
            "large": some_logits(16, 50257, p=0.9),
        },
        mistakes=(
            Mistake("top-p ignored", replace="before < p", by="before < 2"),
            Mistake("the token that passes p is left out", replace="ordered.cumsum(axis=-1) - ordered", by="ordered.cumsum(axis=-1)"),
            Mistake("a token too many", replace="ordered.cumsum(axis=-1) - ordered", by="ordered.cumsum(axis=-1) - 2 * ordered"),
            Mistake("not sorted", replace="(-probabilities).argsort(axis=-1, kind=\"stable\")", by="(0 * probabilities).argsort(axis=-1, kind=\"stable\")"),
            Mistake("the least probable first", replace="(-probabilities).argsort", by="probabilities.argsort"),
            Mistake("put back in the wrong places", replace="np.put_along_axis(kept, order,", by="np.put_along_axis(kept, order.argsort(-1),"),
            Mistake("sums of scores, not of probabilities", replace="probabilities, _ = softmax.forward(logits, dim=-1)", by="probabilities = logits / abs(logits).sum(-1, keepdims=True)"),
            Mistake("every token that has at least p", replace="before < p", by="ordered >= p"),
        ),
    ),
    Entry(
        "ops.sampling.repetition_penalty",
        lesson=18,
        title="Repetition penalty",
        inputs=written,
        gradient=False,
        refusals=(
            Refusal("a penalty of 0", Case((X, np.zeros((2, 1), np.int64)), {"penalty": 0.0}), says=("penalty", "0.0")),
            Refusal("another batch", Case((X, np.zeros((3, 1), np.int64)), {"penalty": 2.0}), says=("(2, 3)", "(3, 1)")),
            Refusal("a token outside", Case((X, np.full((2, 1), 3)), {"penalty": 2.0}), says=("tokens", "0 to 2", "3")),
        ),
        sizes={"small": tokens_and_text(1, 65), "large": tokens_and_text(16, 5000)},
        mistakes=(
            Mistake("negative scores are divided too", replace="np.where(scores < 0, scores * penalty, scores / penalty)", by="scores / penalty"),
            Mistake("every token is punished", replace="    return y\n", by="    return np.where(logits < 0, logits * penalty, logits / penalty)\n"),
            Mistake("a token is punished as often as it occurs", replace="    np.put_along_axis(y, tokens, np.where(scores < 0, scores * penalty, scores / penalty), axis=1)\n",
                    by="    for row, seen in enumerate(tokens):\n        for token in seen:\n            y[row, token] *= penalty if y[row, token] < 0 else 1 / penalty\n"),
            Mistake("what repeats is rewarded", replace="scores < 0, scores * penalty, scores / penalty", by="scores > 0, scores * penalty, scores / penalty"),
            Mistake("subtracted", replace="np.where(scores < 0, scores * penalty, scores / penalty)", by="scores - penalty"),
            Mistake("the last token only", replace="np.put_along_axis(y, tokens, np.where(scores < 0, scores * penalty, scores / penalty), axis=1)",
                    by="np.put_along_axis(y, tokens[:, -1:], np.where(scores < 0, scores * penalty, scores / penalty)[:, -1:], axis=1)"),
            Mistake("ignored", replace="np.where(scores < 0, scores * penalty, scores / penalty)", by="scores"),
        ),
    ),
    Entry(
        "ops.sampling.categorical",
        lesson=18,
        title="A draw from scores",
        inputs=darts,
        gradient=False,
        refusals=(
            Refusal("a dart is missing", Case((X, zeros(3))), says=("uniform", "(2, 3)", "(3,)")),
            Refusal("a dart beside the line", Case((X, np.array([0.5, 1.0]))), says=("uniform", "0 to 1", "1.0")),
        ),
        mistakes=(
            Mistake("the random number is ignored: greedy", replace="    return missed.sum(axis=-1, keepdims=True)[..., 0]\n", by="    return probabilities.argmax(-1, keepdims=True)[..., 0]\n"),
            Mistake("one too early", replace="missed.sum(axis=-1, keepdims=True)[..., 0]", by="missed.sum(axis=-1, keepdims=True)[..., 0] - 1"),
            Mistake("counted from the other end", replace="cumulative <= uniform[..., None]", by="cumulative <= (1 - uniform[..., None])"),
            Mistake("no softmax", replace="probabilities, _ = softmax.forward(logits, dim=-1)", by="probabilities = abs(logits)"),
            Mistake("not cumulative", replace="probabilities.cumsum(axis=-1)", by="probabilities"),
            Mistake("all tokens equally likely", replace="probabilities, _ = softmax.forward(logits, dim=-1)", by="probabilities, _ = softmax.forward(0 * logits, dim=-1)"),
        ),
    ),
)  # fmt: skip
