"""Operations: one module a component, each with a pure forward and backward."""
