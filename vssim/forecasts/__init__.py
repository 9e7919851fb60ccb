"""Forecasts: how many items are done by a date, when a number of items is done, and how often such promises were kept."""
