"""The model: a value stream as frozen data, and the levers and changes that turn one into another."""
