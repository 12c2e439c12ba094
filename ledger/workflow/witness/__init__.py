"""Witnesses and time stamps: others who say that they saw a head, and when.

Reading order: :mod:`posting` (HTTP, with every limit), :mod:`asking` (``witness request``), :mod:`naming`
(``witness add``), :mod:`listing` (``witness list``), :mod:`stamping` (``witness timestamp``).
"""
