"""Les mots autour des dates."""

MESSAGES = {
    "dates.today": "aujourd’hui",
    "dates.late.minutes.one": "{count} minute de retard",
    "dates.late.minutes.many": "{count} de minutes de retard",
    "dates.late.minutes.other": "{count} minutes de retard",
    "dates.late.hours.one": "{count} heure de retard",
    "dates.late.hours.many": "{count} d’heures de retard",
    "dates.late.hours.other": "{count} heures de retard",
    "dates.late.days.one": "{count} jour de retard",
    "dates.late.days.many": "{count} de jours de retard",
    "dates.late.days.other": "{count} jours de retard",
}
