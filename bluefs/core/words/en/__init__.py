"""The English catalogue, one file an area."""
