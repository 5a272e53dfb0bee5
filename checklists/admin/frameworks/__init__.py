"""Frameworks as files in the administration."""
