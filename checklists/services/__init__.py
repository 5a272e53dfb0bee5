"""The only writers of rows. One verb, one module."""
