"""The French catalogue: the same keys as English. People are addressed as vous; help begins
with an infinitive. Spaces before : are no-break (U+00A0), before ; ! ? narrow (U+202F)."""
