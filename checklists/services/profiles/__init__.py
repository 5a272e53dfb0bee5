"""Profiles of providers' services: kept, loaded from files, filled in from, judged against a workload."""
