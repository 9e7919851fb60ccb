"""One run measured: which part of it, what happened in it, and every figure of the catalogue, from the visit log alone."""
