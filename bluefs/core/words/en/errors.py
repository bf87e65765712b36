"""Messages of the errors that are not user data (``BluefsError``)."""

MESSAGES: dict[str, str] = {
    "errors.edit.broken": "The front matter cannot be read at line {line}, column {column}: {message}",
    "errors.edit.broken.remedy": "Mend that line first; bluefs check shows every one.",
    "errors.edit.unreadable": "The file cannot be read at line {line}, column {column}: {message}",
    "errors.edit.unreadable.remedy": "{hint}",
    "errors.edit.unclosed": "The front matter begins at line {line} and has no end.",
    "errors.edit.unclosed.remedy": "Write --- on a line of its own below the last key.",
    "errors.edit.too_large": "With this change the front matter would be larger than 64 KiB.",
    "errors.edit.too_large.remedy": "Put long text into the body.",
    "errors.edit.record_too_large": "With this change the file would be larger than 1 MiB.",
    "errors.edit.record_too_large.remedy": "Attach long text as a file.",
    "errors.edit.empty": "An empty value cannot be written as it stands; clear the key instead.",
    "errors.edit.comment": "The comment of {author} cannot be put where it would be read as one comment.",
    "errors.edit.comment.remedy": "Look for a code fence without an end in the file.",
    "errors.edit.not_keys": "The front matter is not a list of keys and values (line {line}).",
    "errors.edit.not_keys.remedy": "Write each line as key: value.",
    "errors.edit.layout": "The key {name} at line {line} is written in a way that cannot be edited safely.",
    "errors.edit.layout.remedy": "Write it as a simple {name}: value line, or edit the file by hand.",
    "errors.edit.unsafe": "Writing {name} would change more of the file than was asked, so nothing was written.",
    "errors.edit.unsafe.remedy": "Edit the file by hand.",
    "errors.edit.surrogate": "The text holds half of a surrogate pair, which no UTF-8 file can hold.",
}
