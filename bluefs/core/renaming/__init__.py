"""Renaming a list, a tag, a field or a person wherever a workspace names it.

Law: only the very places that mean the thing change, each at its node or token; every file is
parsed again and must say the same but for the name. Nothing is found by searching text.
``naming`` is what is renamed, ``swaps`` how a text changes, ``queries`` the tokens of a query,
``rules`` and ``settings`` the YAML files, ``records`` a record's file, ``templates`` mail texts.
"""

from bluefs.core.renaming.naming import Kind, Naming

__all__ = ["Kind", "Naming"]
