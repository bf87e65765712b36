"""The command line: one file per command, words and screens; everything else is below."""
