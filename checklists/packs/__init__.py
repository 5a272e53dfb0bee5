"""Packs: a checklist as a YAML file. Reading, checking and writing; the packs that ship are in ``data/``."""
