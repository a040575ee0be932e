"""Layers: objects that own parameters and call ops. Names and arguments are those of torch.nn."""

from . import init
from ._summary import summary
from .activations import (
    ELU,
    GELU,
    Flatten,
    Identity,
    LeakyReLU,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from .batch_norm import BatchNorm1d, BatchNorm2d
from .convolution import Conv1d, Conv2d, ConvTranspose2d
from .dropout import Dropout
from .embedding import Embedding, TiedOutput
from .group_norm import GroupNorm
from .layer_norm import LayerNorm
from .linear import Linear
from .losses import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    MultiMarginLoss,
    NLLLoss,
)
from .module import Module, Parameter
from .module_list import ModuleList
from .pooling import AdaptiveAvgPool2d, AvgPool2d, Fold, MaxPool2d, Unfold, Upsample, ZeroPad2d
from .positional_encoding import PositionalEmbedding, RotaryEmbedding, SinusoidalEncoding
from .rms_norm import RMSNorm
from .sequential import Sequential

__all__ = [
    "ELU",
    "GELU",
    "AdaptiveAvgPool2d",
    "AvgPool2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv1d",
    "Conv2d",
    "ConvTranspose2d",
    "CrossEntropyLoss",
    "Dropout",
    "Embedding",
    "Flatten",
    "Fold",
    "GroupNorm",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "L1Loss",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSoftmax",
    "MSELoss",
    "MaxPool2d",
    "Module",
    "ModuleList",
    "MultiMarginLoss",
    "NLLLoss",
    "Parameter",
    "PositionalEmbedding",
    "RMSNorm",
    "ReLU",
    "RotaryEmbedding",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SinusoidalEncoding",
    "Softmax",
    "Softplus",
    "Tanh",
    "TiedOutput",
    "Unfold",
    "Upsample",
    "ZeroPad2d",
    "init",
    "summary",
]
