"""Running an instance: its parts, its checks, its figures, its copies."""
