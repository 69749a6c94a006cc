"""Hourly thermal models, building stock, retrofit, district heat."""
