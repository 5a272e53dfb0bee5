"""The rules: pure Python, no database, no clock, no language. Knows nobody else in the house."""
