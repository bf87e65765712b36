"""What a disk refuses besides the usual, and slips on the command line."""

MESSAGES: dict[str, str] = {
    "refusals.immutable": "{path} is protected against every change and was left as it is.",
    "refusals.immutable.remedy": 'See how: lsattr -d "{folder}" "{path}"; root takes an i away with: chattr -i',
    "refusals.limit": "{path} was not saved: it would be larger than a file may be here.",
    "refusals.limit.remedy": "Raise the limit (ulimit -f) and run the command again; nothing was changed.",
    "refusals.no_folder": "{path} is not a folder.",
    "refusals.no_folder.remedy": "Name one that is there: bluefs -C DIR",
    "refusals.option": "There is no option {option}.",
    "refusals.option.near": "There is no option {option}; did you mean {near}?",
    "refusals.option.behind": "The option {option} belongs behind the word {command}.",
    "refusals.option.behind.remedy": "bluefs outbox {command} {option}",
}
