"""What files, path, lists, tags, board and the views of list say."""

MESSAGES: dict[str, str] = {
    "reading.files.id": "ID",
    "reading.files.name": "FILE",
    "reading.files.record": "RECORD",
    "reading.files.project": "PROJECT",
    "reading.files.size": "SIZE",
    "reading.files.orphan": "(no such record)",
    "reading.files.none": "No file is attached.",
    "reading.files.count.one": "{count} file · {size}",
    "reading.files.count.other": "{count} files · {size}",
}
