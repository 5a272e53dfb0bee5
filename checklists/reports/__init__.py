"""From a judgement to pages: the words of one language, charts as SVG, HTML, PDF."""
