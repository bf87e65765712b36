"""What the checks of a whole workspace say: ids, names, places, references, required values."""

MESSAGES: dict[str, str] = {
    "checks.name.empty": "a name needs at least one character that shows",
    "checks.name.characters": 'the name "{name}" has {characters} in it, which Windows cannot '
    "hold: leave it out of the name (title: may say it)",
    "checks.name.control": 'the name "{name}" has an invisible control character in it: '
    "rename the file",
    "checks.name.leading": 'the name "{name}" starts with {character}, and such files and '
    "folders are never data: rename it",
    "checks.name.trailing": 'the name "{name}" ends in a dot or a space, which Windows drops: '
    "rename it",
    "checks.name.device": 'the name "{name}" is a device on Windows, whatever follows the dot: '
    "rename it",
    "checks.name.long": 'the name "{name}…" takes {bytes} bytes, and a disk holds 255: shorten it',
    "checks.name.same": 'the names "{name}" and "{other}" are one and the same on some disks: '
    "rename one of them",
    "checks.name_form": 'the name "{name}" is stored with its accents apart',
    "checks.name_form.hint": "rename it to the composed form",
    "checks.double_id": "the id {id} belongs to {other}",
    "checks.double_id.hint": "delete this line: the copy gets an id of its own",
    "checks.no_id": "this record has no id yet",
    "checks.no_id.hint": "the engine writes one when it commits the file",
    "checks.odd_id": '"{id}" is not in the form of an id',
    "checks.odd_id.hint": "ten lower-case letters and digits, the first a letter: put the old one "
    "back",
    "checks.unreadable": "the file cannot be opened: {detail}",
    "checks.unreadable.hint": "give yourself permission to read it",
    "checks.list": 'project.yaml of {project} declares no list "{name}"',
    "checks.list.hint": "declare it under lists, or rename the folder",
    "checks.list_near": 'project.yaml of {project} declares no list "{name}"',
    "checks.list_near.hint": 'did you mean "{near}"? else declare it under lists',
    "checks.unfiled": "this record is in no list",
    "checks.unfiled.hint": "move the file into a list's folder",
    "checks.too_deep": "lists do not nest: nothing shows a file down here",
    "checks.too_deep.hint": 'move it up into "{list}", or begin the folder\'s name with _',
    "checks.orphan": 'no record has the id "{name}" that these attachments are for',
    "checks.orphan.hint": "delete the folder if the record is gone for good",
    "checks.dangling": 'there is no record "{text}"',
    "checks.dangling.hint": "write the id of a record, or delete the entry",
    "checks.dangling_near": 'there is no record "{text}"',
    "checks.dangling_near.hint": 'did you mean "{near}"?',
    "checks.by_name": '"{text}" is understood until that record is renamed',
    "checks.by_name.hint": "write its id",
    "checks.many": 'several records are called "{text}"',
    "checks.many.hint": "write the id of one of them: {names}",
    "checks.itself": "a record cannot be blocked by itself",
    "checks.itself.hint": "delete the entry",
    "checks.circle": "these block each other: {way}",
    "checks.circle.hint": "delete one of the entries",
    "checks.position": 'no position fits directly behind "{text}"',
    "checks.position.hint": "delete the 0 at its end, or the whole line",
    "checks.required": "{key} must be set",
    "checks.required.hint": "project.yaml says so: required: true",
    "checks.required_in": '{key} must be set in "{list}"',
    "checks.required_in.hint": "project.yaml says so: required_in",
    "checks.start": "it starts {start}, after it is due {due}",
    "checks.start.hint": "correct start or due",
}
