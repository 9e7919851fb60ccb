"""Answers made of many runs: comparisons, claims, explanations, sweeps, what is not known, and what a live page asks for."""
