"""Decided cases: written, judged, tried on a draft."""
