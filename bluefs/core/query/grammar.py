"""The grammar of queries, for lark's LALR parser with its contextual lexer.

Owns what may follow what, and nothing of what it means. White space is ignored between terms
but not inside one: a value must touch its key (``due: fri`` is a slip), so every terminal
looks back at the character before it. ``or`` binds weaker than juxtaposition and ``and``;
``not`` and ``-`` bind strongest.
"""

from __future__ import annotations

GRAMMAR = r"""
start: [disjunction]
disjunction: conjunction (OR conjunction)*
conjunction: term (AND? term)*
?term: negation | minus | primary
negation: NOT+ (minus | primary)
minus: MINUS primary
?primary: comparison | WORD -> word | PHRASE -> word | group
group: LPAR disjunction RPAR
comparison: KEY value (COMMA value)*
value: text -> single
     | text RANGE text? -> low
     | RANGE text -> high
?text: BARE | QUOTED

KEY.4: /(?<![^\s()\-])[^\s()":=<>!,\-][^\s()":=<>!,]*(?:<=|>=|!=|[:=<>])/
OR.3:  /(?<![^\s()])(?:or|OR)(?=[\s()]|\Z)/
AND.3: /(?<![^\s()])(?:and|AND)(?=[\s()]|\Z)/
NOT.3: /(?<![^\s()])(?:not|NOT)(?=[\s()]|\Z)/
MINUS.3: /(?<![^\s()])-(?=\S)/
WORD.2: /(?<![^\s()\-])(?!(?:or|and|not|OR|AND|NOT)(?:[\s()]|\Z))(?![|&]+(?:[\s()]|\Z))[^\s()":=<>!\-][^\s()"]*/
PHRASE.2: /(?<![^\s()\-])"(?:[^"\\]|\\.)*"/s
LPAR.2: /(?<![^\s()\-])\(|(?<=[\s()](?i:not|and))\(|(?<=^(?i:not|and))\(|(?<=[\s()](?i:or))\(/
RPAR.2: ")"

RANGE.3: /(?<=[^\s()])\.\./
COMMA.3: /(?<=[^\s()]),/
BARE.2: /(?<=[:=<>,.])(?:(?!\.\.)[^\s()",])+/
QUOTED.2: /(?<=[:=<>,.])"(?:[^"\\]|\\.)*"/s

%ignore /\s+/
"""
