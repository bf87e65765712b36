"""What keeps YAML from being read where no pattern explains it, and further faults of files."""

MESSAGES: dict[str, str] = {
    "reading.tab": "a tab stands where YAML takes only spaces",
    "reading.open_list": "a list in brackets lacks a comma or its closing ]",
    "reading.open_map": "a map in braces lacks a comma or its closing }}",
    "reading.escape": "a backslash in double quotes that means nothing",
    "reading.never_closed": "a quote or bracket that is opened here is never closed",
    "reading.begins": "no value can begin with this character",
    "reading.no_value": "a value is missing here, or begins with a character YAML keeps for itself",
    "reading.colon": "a colon followed by a space stands where no key can be",
    "reading.no_colon": "a key without its colon",
    "reading.block": "text on the same line as the | or > that announces it",
    "reading.directive": "a line that begins with % is none of YAML's instructions",
    "reading.sign": "a word that begins with !, & or * is not one that YAML knows",
    "reading.dash": "a dash stands where no list can begin",
    "reading.indent": "this line does not fit in with those above it",
    "reading.unread": "YAML can make nothing of this line",
    "reading.press": '"{text}" does not press the button {field}',
    "reading.press.hint": "write press, or delete the line",
    "reading.link": "a symbolic link is no record: bluefs does not follow it",
    "reading.link.hint": "put the file itself here, or begin the link's name with _",
}
