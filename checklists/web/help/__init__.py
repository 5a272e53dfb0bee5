"""Help: pages from `docs/fr` and `docs/en`, and the glossary."""
