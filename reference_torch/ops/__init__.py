"""Operations: one module a component, forward alone; torch differentiates it."""
