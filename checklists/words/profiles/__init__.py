"""Profiles of services in words: facts, the other parts, what loading changes, who could host."""
