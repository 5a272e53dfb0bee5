"""Profiles of services in the administration: written there, and as files."""
