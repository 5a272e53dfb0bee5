"""From a judgement to pages: the words of one language, charts as SVG, HTML, PDF."""

import os
from importlib import resources

# Before anything loads Pango: reports fall back on named fonts only, so that a machine's own change no page.
os.environ.setdefault("FONTCONFIG_FILE", str(resources.files("checklists.documents") / "assets" / "fonts.conf"))
