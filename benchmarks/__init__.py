"""Measurements, printed as ratios; run one with ``python -m benchmarks.NAME``."""
