"""Tokenizers: byte pairs by tiktoken and tokenizers, the simple ones written out."""
