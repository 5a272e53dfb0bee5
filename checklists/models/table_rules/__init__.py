"""Rules of tables kept by the database itself, whoever writes to it: triggers on SQLite and on PostgreSQL.

``declared`` says which tables and which rules; ``rules`` makes triggers of a rule; ``triggers`` creates, reads and
drops them; ``keep`` compares what stands with what is declared after each migration and mends it.
``manage.py checktables`` does so at any time.
"""
