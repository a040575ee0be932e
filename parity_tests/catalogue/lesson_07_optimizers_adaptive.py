"""Lesson 7: optimizers with a learning rate for each weight: from AdaGrad to AdamW."""

from ..harness.entry import Entry, Mistake
from ..harness.inputs import Draw
from ..harness.parameters import grouped_optimizer
from .lesson_07_optimizers import Options, path_of, refused, refused_by_all, refused_rates, workloads


def adagrad_options(draw: Draw) -> Options:
    return {
        "lr": draw.choice([0.01, 1.0]),
        "lr_decay": draw.choice([0.0, 0.1]),
        "weight_decay": draw.choice([0.0, 0.1]),
        "initial_accumulator_value": draw.choice([0.0, 0.5]),
        "eps": draw.choice([1e-10, 1e-2]),
        "maximize": draw.boolean(),
    }


def rmsprop_options(draw: Draw) -> Options:
    return {
        "lr": draw.choice([0.01, 0.1]),
        "alpha": draw.choice([0.99, 0.9, 0.5]),
        "eps": draw.choice([1e-8, 1e-2]),
        "weight_decay": draw.choice([0.0, 0.1]),
        "momentum": draw.choice([0.0, 0.9]),
        "centered": draw.boolean(),
        "maximize": draw.boolean(),
    }


def adam_options(draw: Draw) -> Options:
    return {
        "lr": draw.choice([0.001, 0.1]),
        "betas": draw.choice([(0.9, 0.999), (0.5, 0.6), (0.0, 0.9), (0.9, 0.0)]),
        "eps": draw.choice([1e-8, 1e-2]),
        "weight_decay": draw.choice([0.0, 0.1]),
        "amsgrad": draw.boolean(),
        "maximize": draw.boolean(),
    }


ROWS = (
    Entry(
        "optim.adagrad",
        lesson=7,
        title="AdaGrad",
        share=0.5,
        adapter=grouped_optimizer("Adagrad"),
        gradient=False,
        inputs=path_of(adagrad_options, "smooth", "extreme", differ=lambda draw: {"lr_decay": draw.choice([0.0, 0.5])}),
        refusals=(
            *refused_by_all(),
            refused("an eps below 0", "eps", "-1", eps=-1),
            refused("a decay below 0", "lr_decay", "-1", lr_decay=-1),
            refused("a sum below 0", "initial_accumulator_value", "-1", initial_accumulator_value=-1),
        ),
        sizes=workloads(),
        mistakes=(
            Mistake(
                "the sum is an average", replace='state["sum"] + gradient', by='0.9 * state["sum"] + 0.1 * gradient'
            ),
            Mistake("the sum of the gradients", replace="gradient * gradient", by="abs(gradient)"),
            Mistake("no root", replace="np.sqrt(total)", by="total"),
            Mistake(
                "epsilon inside the root", replace='np.sqrt(total) + group["eps"]', by='np.sqrt(total + group["eps"])'
            ),
            Mistake("the decay of the rate is one step ahead", replace="(step - 1) *", by="step *"),
            Mistake("the rate does not decay", replace=' / (1 + (step - 1) * group["lr_decay"])', by=""),
            Mistake(
                "the sum starts at zero",
                replace='np.full_like(parameter.data, group["initial_accumulator_value"])',
                by="np.zeros_like(parameter.data)",
            ),
            Mistake(
                "the sum is that of the step before",
                replace='(np.sqrt(total) + group["eps"])',
                by='(np.sqrt(total - gradient * gradient) + group["eps"])',
            ),
            Mistake(
                "the options of the group are ignored",
                replace='group["lr_decay"])\n',
                by='self.defaults["lr_decay"])\n',
            ),
            Mistake("no weight decay", replace='if group["weight_decay"]:', by="if False:"),
            Mistake(
                "eps is not checked", replace='"initial_accumulator_value", "eps")', by='"initial_accumulator_value")'
            ),
        ),
    ),
    Entry(
        "optim.rmsprop",
        lesson=7,
        title="RMSprop",
        share=0.5,
        adapter=grouped_optimizer("RMSprop"),
        gradient=False,
        inputs=path_of(rmsprop_options, "smooth", "extreme", differ=lambda draw: {"alpha": draw.choice([0.8, 0.95])}),
        refusals=(
            *refused_by_all(),
            refused("an average that never learns", "alpha", "1.0", alpha=1.0),
            refused("an alpha below 0", "alpha", "-0.5", alpha=-0.5),
            refused("a momentum below 0", "momentum", "-0.5", momentum=-0.5),
        ),
        sizes=workloads(),
        mistakes=(
            Mistake(
                "alpha and 1 - alpha swapped",
                replace='alpha * state.get("square_avg", 0) + (1 - alpha)',
                by='(1 - alpha) * state.get("square_avg", 0) + alpha',
            ),
            Mistake(
                "a sum instead of an average",
                replace=" + (1 - alpha) * gradient * gradient",
                by=" + gradient * gradient",
            ),
            Mistake("centered without subtracting", replace="square = square - mean * mean", by="pass"),
            Mistake("the mean is subtracted, not its square", replace="square - mean * mean", by="square - mean"),
            Mistake(
                "what is remembered is the variance",
                replace="square = square - mean * mean",
                by='square = state["square_avg"] = square - mean * mean',
            ),
            Mistake(
                "epsilon inside the root", replace='np.sqrt(square) + group["eps"]', by='np.sqrt(square + group["eps"])'
            ),
            Mistake("no root", replace="np.sqrt(square)", by="square"),
            Mistake(
                "bias correction, as in Adam",
                replace="np.sqrt(square)",
                by='np.sqrt(square / (1 - alpha ** state["step"]))',
            ),
            Mistake(
                "momentum of the plain gradients",
                replace='state.get("momentum_buffer", 0) + direction',
                by='state.get("momentum_buffer", 0) + gradient',
            ),
            Mistake(
                "momentum as an average",
                replace='state.get("momentum_buffer", 0) + direction',
                by='state.get("momentum_buffer", 0) + (1 - momentum) * direction',
            ),
            Mistake("no momentum", replace="if momentum:", by="if False:"),
            Mistake(
                "the options of the group are ignored",
                replace='alpha, momentum = group["alpha"]',
                by='alpha, momentum = self.defaults["alpha"]',
            ),
            Mistake("alpha is not checked", replace='decay_rates("alpha", group["alpha"])', by="pass"),
        ),
    ),
    Entry(
        "optim.adam",
        lesson=7,
        title="Adam, AMSGrad",
        share=0.5,
        adapter=grouped_optimizer("Adam"),
        gradient=False,
        inputs=path_of(
            adam_options, "smooth", "extreme", differ=lambda draw: {"betas": draw.choice([(0.8, 0.9), (0.9, 0.99)])}
        ),
        refusals=(
            *refused_by_all(),
            *refused_rates(),
            refused("an eps below 0", "eps", "-1", eps=-1),
            refused("a decay below 0", "weight_decay", "-1", weight_decay=-1),
        ),
        sizes=workloads(),
        mistakes=(
            Mistake("no bias correction of the mean", replace="mean / (1 - beta1**step)", by="mean + 0"),
            Mistake("no bias correction of the square", replace="square / (1 - beta2**step)", by="square"),
            Mistake(
                "bias correction one step ahead",
                replace="mean / (1 - beta1**step)",
                by="mean / (1 - beta1 ** (step + 1))",
            ),
            Mistake(
                "the corrected mean is remembered",
                replace="        mean = mean / (",
                by='        mean = state["exp_avg"] = mean / (',
            ),
            Mistake("both corrections by beta1", replace="beta2**step", by="beta1**step"),
            Mistake("the betas swapped", replace='beta1, beta2 = group["betas"]', by='beta2, beta1 = group["betas"]'),
            Mistake(
                "epsilon inside the root",
                replace='step))\n        root += group["eps"]',
                by='step) + group["eps"])',
            ),
            Mistake("no root", replace="np.sqrt(square", by="(square"),
            Mistake("no square", replace="square *= gradient", by="square *= np.sign(gradient)"),
            Mistake("AMSGrad is ignored", replace='if group["amsgrad"]:', by="if False:"),
            Mistake(
                "AMSGrad takes the maximum of the gradients",
                replace='state.get("max_exp_avg_sq", 0), square)',
                by='state.get("max_exp_avg_sq", 0), gradient * gradient)',
            ),
            Mistake(
                "AMSGrad takes the maximum of the corrected averages",
                replace='state.get("max_exp_avg_sq", 0), square)',
                by='state.get("max_exp_avg_sq", 0), square / (1 - beta2**step)) * (1 - beta2**step)',
            ),
            Mistake(
                "AMSGrad's maximum becomes the average",
                replace='square = state["max_exp_avg_sq"] =',
                by='square = state["exp_avg_sq"] = state["max_exp_avg_sq"] =',
            ),
            Mistake("the minimum", replace="np.maximum(", by="np.minimum("),
            Mistake(
                "decoupled weight decay: this is AdamW",
                replace='gradient = gradient + group["weight_decay"] * parameter',
                by='parameter = (1 - group["lr"] * group["weight_decay"]) * parameter',
            ),
            Mistake(
                "the options of the group are ignored",
                replace='beta1, beta2 = group["betas"]',
                by='beta1, beta2 = self.defaults["betas"]',
            ),
            Mistake("betas are not checked", replace='decay_rates("betas", *group["betas"])', by="pass"),
        ),
    ),
    Entry(
        "optim.adamw",
        lesson=7,
        title="AdamW: decoupled decay",
        share=0.5,
        adapter=grouped_optimizer("AdamW"),
        gradient=False,
        inputs=path_of(
            adam_options, "smooth", "extreme", differ=lambda draw: {"weight_decay": draw.choice([0.0, 0.3])}
        ),
        refusals=(
            *refused_by_all(),
            *refused_rates(),
            refused("a decay below 0", "weight_decay", "-1", weight_decay=-1),
        ),
        sizes=workloads(),
        mistakes=(
            Mistake(
                "weight decay through the gradient",
                replace='parameter = (1 - lr * group["weight_decay"]) * parameter',
                by='gradient = gradient + group["weight_decay"] * parameter',
            ),
            Mistake(
                "the decay without the learning rate",
                replace='(1 - lr * group["weight_decay"])',
                by='(1 - group["weight_decay"])',
            ),
            Mistake("no decay", replace='parameter = (1 - lr * group["weight_decay"]) * parameter', by="pass"),
            Mistake("the weights grow", replace="(1 - lr *", by="(1 + lr *"),
            Mistake(
                "the step is decayed too",
                replace="lr * self.direction(",
                by='lr * (1 - lr * group["weight_decay"]) * self.direction(',
            ),
            Mistake(
                "the decay of the defaults",
                replace='lr * group["weight_decay"]',
                by='lr * self.defaults["weight_decay"]',
            ),
            Mistake("the default decay is Adam's", replace="weight_decay: float = 1e-2", by="weight_decay: float = 0"),
            Mistake("AMSGrad is not passed on", replace="weight_decay, amsgrad, maximize", by="weight_decay, maximize"),
        ),
    ),
)
