"""BLAKE2b without the rest of ``hashlib``, which loads OpenSSL: a third of a start of Python."""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # a Python that has it elsewhere
    from hashlib import blake2b

__all__ = ["blake2b"]
