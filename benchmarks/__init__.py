"""How quick bluefs is, and how that is measured (README.md here says how to read it).

``python -m benchmarks`` makes workspaces, times whole commands and a real engine on them, prints
one table for each and leaves nothing behind. It knows bluefs by its public commands alone.
"""
