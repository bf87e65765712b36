"""Why Git must be left alone just now, and the way on: the second half of a *blocked* line."""

MESSAGES: dict[str, str] = {
    "git.busy.merge": "a merge is under way",
    "git.busy.merge.remedy": "finish it, or git merge --abort",
    "git.busy.rebase": "a rebase is under way",
    "git.busy.rebase.remedy": "finish it, or git rebase --abort",
    "git.busy.cherry-pick": "a cherry-pick is under way",
    "git.busy.cherry-pick.remedy": "finish it, or git cherry-pick --abort",
    "git.busy.revert": "a revert is under way",
    "git.busy.revert.remedy": "finish it, or git revert --abort",
    "git.busy.bisect": "a bisection is under way",
    "git.busy.bisect.remedy": "end it with git bisect reset",
    "git.busy.lock": "another Git command holds .git/index.lock",
    "git.busy.lock.remedy": "wait for it; if none is running, remove that file",
    "git.staged": "{path} is staged by you: it waits for your own commit",
    "git.staged.remedy": "git commit, or git restore --staged to leave it to bluefs",
}
