"""Ce que disent les rapports pour d’autres programmes, outre les problèmes."""

MESSAGES: dict[str, str] = {
    "reports.heading": "bluefs check",
    "reports.place": "Lieu",
    "reports.code": "Code",
    "reports.message": "Ce qui ne va pas",
    "reports.more.one": "… et {count} autre ; le journal les contient tous.",
    "reports.more.many": "… et {count} autres ; le journal les contient tous.",
    "reports.more.other": "… et {count} autres ; le journal les contient tous.",
}
