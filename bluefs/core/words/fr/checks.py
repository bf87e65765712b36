"""Ce que disent les contrôles d’un espace de travail : ids, noms, lieux, références, valeurs requises."""

MESSAGES: dict[str, str] = {
    "checks.name.empty": "un nom a besoin d’au moins un caractère visible",
    "checks.name.characters": "le nom « {name} » contient {characters}, que Windows n’accepte pas : "
    "retirez-le du nom (title: peut le dire)",
    "checks.name.control": "le nom « {name} » contient un caractère de contrôle invisible : "
    "renommez le fichier",
    "checks.name.leading": "le nom « {name} » commence par {character} ; de tels fichiers et dossiers "
    "ne sont jamais des données : renommez-le",
    "checks.name.trailing": "le nom « {name} » finit par un point ou une espace, que Windows supprime : "
    "renommez-le",
    "checks.name.device": "le nom « {name} » est un périphérique sous Windows, quoi qu’il suive le point : "
    "renommez-le",
    "checks.name.long": "le nom « {name}… » occupe {bytes} octets, et un disque en accepte 255 : raccourcissez-le",
    "checks.name.same": "sur certains disques, « {name} » et « {other} » sont un seul et même nom : "
    "renommez l’un des deux",
    "checks.name_form": "le nom « {name} » est enregistré avec ses accents détachés",
    "checks.name_form.hint": "renommez-le sous sa forme composée",
    "checks.double_id": "l’id {id} est celui de {other}",
    "checks.double_id.hint": "supprimez cette ligne : la copie recevra son propre id",
    "checks.no_id": "cette fiche n’a pas encore d’id",
    "checks.no_id.hint": "le moteur en écrit un quand il enregistre le fichier dans un commit",
    "checks.odd_id": "« {id} » n’a pas la forme d’un id",
    "checks.odd_id.hint": "dix lettres minuscules et chiffres, une lettre d’abord : remettez "
    "l’ancien",
    "checks.unreadable": "le fichier ne peut pas être ouvert : {detail}",
    "checks.unreadable.hint": "donnez-vous le droit de le lire",
    "checks.list": "le project.yaml de {project} ne déclare pas de liste « {name} »",
    "checks.list.hint": "déclarez-la sous lists, ou renommez le dossier",
    "checks.list_near": "le project.yaml de {project} ne déclare pas de liste « {name} »",
    "checks.list_near.hint": "vouliez-vous dire « {near} » ? sinon, déclarez-la sous lists",
    "checks.unfiled": "cette fiche n’est dans aucune liste",
    "checks.unfiled.hint": "déplacez le fichier dans le dossier d’une liste",
    "checks.too_deep": "les listes ne s’emboîtent pas : rien n’affiche un fichier rangé ici",
    "checks.too_deep.hint": "remontez-le dans « {list} », ou commencez le nom du dossier par _",
    "checks.orphan": "aucune fiche n’a l’id « {name} » auquel appartiennent ces pièces jointes",
    "checks.orphan.hint": "supprimez le dossier si la fiche est partie pour de bon",
    "checks.dangling": "il n’y a pas de fiche « {text} »",
    "checks.dangling.hint": "écrivez l’id d’une fiche, ou supprimez cette entrée",
    "checks.dangling_near": "il n’y a pas de fiche « {text} »",
    "checks.dangling_near.hint": "vouliez-vous dire « {near} » ?",
    "checks.by_name": "« {text} » est compris tant que cette fiche n’est pas renommée",
    "checks.by_name.hint": "écrivez son id",
    "checks.many": "plusieurs fiches s’appellent « {text} »",
    "checks.many.hint": "écrivez l’id de l’une d’elles : {names}",
    "checks.itself": "une fiche ne peut pas se bloquer elle-même",
    "checks.itself.hint": "supprimez cette entrée",
    "checks.circle": "ces fiches se bloquent mutuellement : {way}",
    "checks.circle.hint": "supprimez l’une de ces entrées",
    "checks.position": "aucune position ne tient juste derrière « {text} »",
    "checks.position.hint": "supprimez le 0 final, ou toute la ligne",
    "checks.required": "{key} doit être renseigné",
    "checks.required.hint": "project.yaml le demande : required: true",
    "checks.required_in": "{key} doit être renseigné dans « {list} »",
    "checks.required_in.hint": "project.yaml le demande : required_in",
    "checks.start": "le début, {start}, vient après l’échéance, {due}",
    "checks.start.hint": "corrigez start ou due",
}
