"""Ensembles: which parameter values are tried."""

from __future__ import annotations

from detente.ensemble.design import draw_parameters, has_range, quantile, uniform_stream

__all__ = ["draw_parameters", "has_range", "quantile", "uniform_stream"]
