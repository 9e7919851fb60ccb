"""Compiled passes over a visit log: every figure of a run from a few loops, for all its windows at once.

They compute the same as the readable modules beside this package (`causes`, `people`, `customers`, `stock`). Those are what the
passes are tested against, and they measure wherever the passes cannot be compiled or do not know a metric.
"""
