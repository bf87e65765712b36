"""The index of what was read."""

MESSAGES = {
    "index.reading": "Reading {done} of {total} files … (^C stops; what is read is kept)",
    "index.lost": "What {file} keeps of the files is of no use; they are read anew.",
}
