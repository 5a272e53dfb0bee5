"""The face people fill in: each journey its own module, with its forms and views."""
