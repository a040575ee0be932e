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
from .feed_forward import FeedForward, SwiGLU
from .gpt2 import GPT2
from .group_norm import GroupNorm
from .kv_cache import KeyValueCache
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
from .multihead_attention import MultiheadAttention
from .pooling import AdaptiveAvgPool2d, AvgPool2d, Fold, MaxPool2d, Unfold, Upsample, ZeroPad2d
from .positional_encoding import PositionalEmbedding, RotaryEmbedding, SinusoidalEncoding
from .recurrent import GRU, LSTM, RNN
from .recurrent_cells import GRUCell, LSTMCell, RNNCell
from .rms_norm import RMSNorm
from .sequential import Sequential
from .transformer import Transformer
from .transformer_decoder import TransformerDecoder
from .transformer_decoder_layer import TransformerDecoderLayer
from .transformer_encoder import TransformerEncoder
from .transformer_encoder_layer import TransformerEncoderLayer

__all__ = [
    "ELU",
    "GELU",
    "GPT2",
    "GRU",
    "LSTM",
    "RNN",
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
    "FeedForward",
    "Flatten",
    "Fold",
    "GRUCell",
    "GroupNorm",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "KeyValueCache",
    "L1Loss",
    "LSTMCell",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSoftmax",
    "MSELoss",
    "MaxPool2d",
    "Module",
    "ModuleList",
    "MultiMarginLoss",
    "MultiheadAttention",
    "NLLLoss",
    "Parameter",
    "PositionalEmbedding",
    "RMSNorm",
    "RNNCell",
    "ReLU",
    "RotaryEmbedding",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SinusoidalEncoding",
    "Softmax",
    "Softplus",
    "SwiGLU",
    "Tanh",
    "TiedOutput",
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
    "Unfold",
    "Upsample",
    "ZeroPad2d",
    "init",
    "summary",
]
