"""Profiles of services as files: their shape, their checks, the signed library."""
