"""Read a file somebody sent, in a process of its own that cannot take more than its share of memory and time.

Whatever is parsed, decoded or drawn of a stranger's file is parsed, decoded or drawn there. A file that needs more is
given up, and whoever sent it is told so.
"""

from checklists.services.foreign_files.reader import ForeignRefused, read_bounded

__all__ = ["ForeignRefused", "read_bounded"]
