"""The texts of all that ships as data: the flagship, frameworks, cases, profiles, glossary, beginnings, examples."""
