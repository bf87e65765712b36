"""What the checks of a whole workspace say: names, collisions, places."""

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
}
