"""The programming interface: thin routers over the services. Django Ninja is named in this room only."""
