"""BF401 to BF449: what is wrong among the files of a workspace, though each can be read.

Owns one permanent `Code` for each defect of ids, names, places and references between records.
What a file says wrongly by itself is BF1xx and BF2xx. A number is never given a second meaning.
"""

from __future__ import annotations

from bluefs.core.problems import Code

DUPLICATE_ID = Code(
    "BF401",
    "error",
    "Two records have the same id",
    "A file was copied with its id. The one that Git already holds keeps it (of several, the "
    "smaller path); the other is a new record and gets an id of its own from the engine. Delete "
    "its `id:` line, or let the engine do it.",
)
MISSING_ID = Code(
    "BF402",
    "info",
    "A record has no id yet",
    "Records are told apart by their id, so that they can be moved and edited at once. The "
    "engine writes one before it commits a new file, `bluefs check --fix` does so now. Until "
    "then the file's path stands for it.",
)
ODD_ID = Code(
    "BF403",
    "warning",
    "An id in another form",
    "bluefs' ids are ten lower-case letters and digits, the first a letter. This one is taken as "
    "it stands, but it may be too short to be found by its beginning, or be read as a number by "
    "other tools. Put the old id back; or delete the line: the record then counts as a new one.",
)
ODD_NAME = Code(
    "BF405",
    "warning",
    "A name that not every disk can hold",
    "A record's file or a list's folder has a name that Windows, macOS or a USB stick refuses "
    '(one of `< > : " / \\ | ? *`, a dot or space at its end, a device such as `con`): a '
    "colleague's clone of the repository would fail. Rename it; `title:` may say what the name "
    "cannot.",
)
SAME_NAME = Code(
    "BF406",
    "error",
    "Two names that some disks take for one",
    "The names differ only in case or in how an accent is encoded. On macOS and Windows one of "
    "the two files would overwrite the other. Rename one.",
)
NAME_FORM = Code(
    "BF407",
    "info",
    "A name with its accents apart",
    "The name is stored in decomposed form (`e` and an accent instead of `é`), as old macOS "
    "disks did. It is read as the composed name all the same; `--fix` renames the file or folder, so "
    "that it can be typed and found everywhere.",
)
UNDECLARED_LIST = Code(
    "BF410",
    "info",
    "A list that project.yaml does not declare",
    "The folder is a list all the same, after the declared ones. Declare it under `lists` to "
    "give it a place, a colour or `done: true`. In a `strict` project this is a warning: there "
    "it is most often a slip of the pen.",
)
UNFILED = Code(
    "BF411",
    "warning",
    "A record outside of every list",
    "A file with an id lies in the project's own folder. It is kept as it is and never counts "
    "as deleted, but no list shows it. Move it into a list's folder.",
)
TOO_DEEP = Code(
    "BF412",
    "warning",
    "A record in a deeper folder",
    "Lists are the direct subfolders of a project and do not nest, so a `.md` further down is no "
    "record and nothing shows it. Move it up, or begin the folder's name with `_` if it is not "
    "meant to be one.",
)
ORPHAN_FILES = Code(
    "BF413",
    "info",
    "Attachments of no record",
    "A folder below `_files` has the name of an id that no record of the project has. The record "
    "was deleted or moved to another project. Delete the folder, or give it the right name.",
)
UNREADABLE = Code(
    "BF414",
    "error",
    "A file that cannot be opened",
    "The disk or its permissions refuse to let the file be read. Its last good state stays in "
    "force.",
)
LINK = Code(
    "BF415",
    "warning",
    "A symbolic link where a record or a list would stand",
    "bluefs follows no symbolic link: what it points to may lie outside of the workspace, and Git "
    "keeps the link, not the text. Put the file or folder itself there. A link whose name begins "
    "with `.` or `_` is nobody's business.",
)
DANGLING = Code(
    "BF420",
    "error",
    "blocked_by names a record that does not exist",
    "What stands there is neither an id nor the title, path or [[Name]] of a record of this "
    "workspace. The record may have been deleted. While it stands, the entry blocks nothing.",
)
BY_NAME = Code(
    "BF421",
    "warning",
    "blocked_by names a record by its title",
    "A title, a path or [[Name]] is understood, but stops being right when the record is "
    "renamed. `--fix` writes its id, with the title as a comment behind it.",
)
MANY_NAMED = Code(
    "BF422",
    "error",
    "blocked_by names a title that several records have",
    "Nobody can tell which one is meant. Write the id of the right one.",
)
BLOCKS_ITSELF = Code(
    "BF423",
    "error",
    "A record is blocked by itself",
    "It could never be started. Delete the entry.",
)
CYCLE = Code(
    "BF424",
    "error",
    "Records that block each other in a circle",
    "None of them could ever be started. Delete one of the entries; each circle is reported "
    "once, at one of its records.",
)
POSITION = Code(
    "BF425",
    "warning",
    "A position that nothing fits behind",
    "A position that ends in `0` leaves no room between it and the one without that `0`. Equal "
    "positions are no Problem: the id decides. Delete the line, or write another position.",
)
REQUIRED = Code(
    "BF430",
    "error",
    "A required field is not set",
    "project.yaml says `required: true`, or `required_in` with the list the record is in.",
)
START_AFTER_DUE = Code(
    "BF431",
    "warning",
    "A record starts after it is due",
    "`start` lies after `due`. One of the two is most likely a slip.",
)
SAME_VALUE = Code(
    "BF432",
    "error",
    "Two records have the same number",
    "The numbers of a unique_id field are given once. The record that is reported is the later "
    "one by its path; correct the one that has it by mistake.",
)

CODES: dict[str, Code] = {
    code.code: code for code in list(globals().values()) if isinstance(code, Code)
}
