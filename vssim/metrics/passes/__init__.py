"""Compiled passes over a visit log: every figure of a run from a few loops, for all its windows at once.

They say the same as the readable modules beside this room (`causes`, `people`, `customers`, `stock`), which are what they are
tested against, and which measure wherever these loops cannot be compiled or do not know something that is asked for.
"""
