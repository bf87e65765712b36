"""Ce qui empêche de lire du YAML, et d'autres fautes de fichiers."""

MESSAGES: dict[str, str] = {
    "reading.tab": "une tabulation là où YAML ne prend que des espaces",
    "reading.open_list": "il manque une virgule ou le ] final à une liste entre crochets",
    "reading.open_map": "il manque une virgule ou la }} finale entre accolades",
    "reading.escape": "une barre oblique inverse qui ne veut rien dire entre guillemets",
    "reading.never_closed": "un guillemet ou un crochet ouvert ici n’est jamais fermé",
    "reading.begins": "aucune valeur ne peut commencer par ce caractère",
    "reading.no_value": "il manque une valeur, ou elle commence par un caractère réservé à YAML",
    "reading.colon": "deux-points suivis d’une espace là où aucune clé n’est possible",
    "reading.no_colon": "une clé sans ses deux-points",
    "reading.block": "du texte sur la ligne du | ou du > qui l’annonce",
    "reading.directive": "une ligne commençant par le signe « % » n’est pas une instruction de YAML",
    "reading.sign": "un mot commençant par !, & ou * que YAML ne connaît pas",
    "reading.dash": "un tiret là où aucune liste ne peut commencer",
    "reading.indent": "cette ligne ne s’accorde pas avec celles du dessus",
    "reading.unread": "YAML ne tire rien de cette ligne",
    "reading.press": "« {text} » n’appuie pas sur le bouton {field}",
    "reading.press.hint": "écrivez press, ou supprimez la ligne",
    "reading.link": "un lien symbolique n’est pas une fiche : bluefs ne le suit pas",
    "reading.link.hint": "mettez ici le fichier lui-même, ou faites commencer le nom par _",
}
