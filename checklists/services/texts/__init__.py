"""Reading what ships as its readers do: screens, help, data files; each text with its place."""
