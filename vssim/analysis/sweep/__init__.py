"""Sweeps: a scenario over a grid of settings, kept in a store so that no run is made twice."""
