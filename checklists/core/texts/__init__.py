"""How texts are written: length, typography, words. Advice for whoever writes; nothing is rewritten here."""
