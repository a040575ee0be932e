"""What attention asks of its arguments."""

from ...types import Array


def require_sequences(query: Array, key: Array, value: Array | None = None, *, enable_gqa: bool = False) -> None:
    """Raise unless the arrays are sequences of vectors that belong together.

    query: (..., T, E), key: (..., S, E), value: (..., S, Ev), of one floating-point dtype. The axes before the last two
    are equal; with enable_gqa key and value may have fewer heads (axis -3), a divisor of those of query.
    """
    arrays = {"query": query, "key": key} | ({} if value is None else {"value": value})
    shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
    if any(array.dtype.kind != "f" or array.dtype != query.dtype for array in arrays.values()):
        dtypes = ", ".join(f"{name} {array.dtype}" for name, array in arrays.items())
        raise TypeError(f"query, key and value must hold floating-point numbers of one dtype; got {dtypes}")
    if any(array.ndim < (3 if enable_gqa else 2) or array.ndim != query.ndim for array in arrays.values()):
        axes = "(..., heads, length, features)" if enable_gqa else "(..., length, features)"
        raise ValueError(f"query, key and value must all be {axes}, of one number of axes; got {shapes}")
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(f"query and key must have the same number of features, the last axis; got {shapes}")
    if value is not None and key.shape[-2] != value.shape[-2]:
        raise ValueError(f"value must have as many positions as key, axis -2; got {shapes}")
    if enable_gqa:
        heads = query.shape[-3]
        if any(not array.shape[-3] or heads % array.shape[-3] for array in arrays.values()):
            raise ValueError(f"the heads of key and value, axis -3, must divide those of query; got {shapes}")
    leading = -3 if enable_gqa else -2
    if any(array.shape[:leading] != query.shape[:leading] for array in arrays.values()):
        raise ValueError(f"query, key and value must agree in the axes before the last {-leading}; got {shapes}")


def require_mask(attn_mask: Array | None, scores: tuple[int, ...], query: Array, is_causal: bool) -> None:
    """Raise unless the mask, where there is one, can be applied to scores of this shape, (..., T, S)."""
    if attn_mask is None:
        return
    if is_causal:
        raise ValueError("attn_mask must be None with is_causal=True: a mask can say all that is_causal says")
    if attn_mask.dtype.kind != "b" and attn_mask.dtype != query.dtype:
        raise TypeError(f"attn_mask must hold booleans, or numbers to add of the dtype of query, {query.dtype}; "
                        f"got {attn_mask.dtype}")  # fmt: skip
    from_behind = zip(attn_mask.shape[::-1], scores[::-1], strict=False)
    if not 2 <= attn_mask.ndim <= len(scores) or any(m not in (1, s) for m, s in from_behind):
        raise ValueError(f"attn_mask must broadcast to the scores, (..., T, S) = {scores}; got {attn_mask.shape}")
