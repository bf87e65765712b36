"""What reports for other programs say besides the Problems."""

MESSAGES: dict[str, str] = {
    "reports.heading": "bluefs check",
    "reports.place": "Place",
    "reports.code": "Code",
    "reports.message": "What is wrong",
    "reports.more.one": "… and {count} more; the log has them all.",
    "reports.more.other": "… and {count} more; the log has them all.",
}
