"""The grammar of formulas, for lark's LALR parser with its contextual lexer.

Owns what may follow what. From weak to strong: ``+ -``, then ``* / %``, then the sign, then ``^``,
which alone joins from the right; so ``-2^2`` is -4 and ``2^3^2`` is 2^9, as in mathematics. A name is
whatever could be a field's key (letters of any script with their marks, digits, ``_``): a word is
taken whole and judged later.
"""

from __future__ import annotations

GRAMMAR = r"""
start: sum
?sum: product
    | sum "+" product -> add
    | sum "-" product -> subtract
?product: signed
    | product "*" signed -> multiply
    | product "/" signed -> divide
    | product "%" signed -> remainder
?signed: power
    | "-" signed -> negate
?power: atom
    | atom "^" signed -> power
?atom: NUMBER -> number
    | NAME -> name
    | "(" sum ")"
    | call
call: FUNCTION "(" sum ("," sum)* ")"

NUMBER.3: /(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![^\s!-\/:-@\[-^`{-~×·⋅∙÷−–—€£¥“”‘’«»„])/
FUNCTION.2: /[^\s!-\/:-@\[-^`{-~×·⋅∙÷−–—€£¥“”‘’«»„]+(?=\s*\()/
NAME.1: /[^\s!-\/:-@\[-^`{-~×·⋅∙÷−–—€£¥“”‘’«»„]+/

%ignore /\s+/
"""
