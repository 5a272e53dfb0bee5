"""A face of the house; its screens come with its first journey."""
