"""What `check --since`, `--staged` and `--at` say: other moments, changes, roles."""

MESSAGES: dict[str, str] = {
    "changes.together": "{one} and {other} do not go together.",
    "changes.together.remedy": "Leave one of them out: --staged and --at are only read.",
    "changes.no_commit": 'There is no commit "{name}" here.',
    "changes.no_commit.remedy": "Check the spelling, or fetch it: git fetch. In CI the job needs the whole "
    "history (fetch-depth: 0).",
    "changes.bare_index": "Git's index holds no bluefs.yaml.",
    "changes.bare_index.remedy": "Stage it first: git add bluefs.yaml",
    "changes.bare_commit": "The commit {commit} holds no bluefs.yaml at its top.",
    "changes.bare_commit.remedy": "Name a commit of a workspace.",
}
