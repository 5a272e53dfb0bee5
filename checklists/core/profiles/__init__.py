"""Profiles of services: what a fact may do, and which services could host a workload."""
