"""bluefs: a record system whose database is a folder of plain files."""

__version__ = "0.1.0"
