"""Forecasts: how many by a date, when so many are done, and how often such promises were kept before."""
