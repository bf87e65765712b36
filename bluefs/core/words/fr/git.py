"""Pourquoi Git doit être laissé tranquille, et comment continuer : la suite d’une ligne *blocked*."""

MESSAGES: dict[str, str] = {
    "git.busy.merge": "une fusion est en cours",
    "git.busy.merge.remedy": "terminez-la, ou git merge --abort",
    "git.busy.rebase": "un rebase est en cours",
    "git.busy.rebase.remedy": "terminez-le, ou git rebase --abort",
    "git.busy.cherry-pick": "un cherry-pick est en cours",
    "git.busy.cherry-pick.remedy": "terminez-le, ou git cherry-pick --abort",
    "git.busy.revert": "un revert est en cours",
    "git.busy.revert.remedy": "terminez-le, ou git revert --abort",
    "git.busy.bisect": "un bisect est en cours",
    "git.busy.bisect.remedy": "terminez-le par git bisect reset",
    "git.busy.lock": "une autre commande Git tient .git/index.lock",
    "git.busy.lock.remedy": "attendez-la ; si aucune ne tourne, supprimez ce fichier",
    "git.staged": "vous avez indexé {path} : ce fichier attend votre propre commit",
    "git.staged.remedy": "git commit, ou git restore --staged pour le laisser à bluefs",
}
