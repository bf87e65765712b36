"""The model over real files, watchdog, Git and SQLite: 30 sequences, half with Git by hand.
(``python -m tests.app.machine --real --examples 300`` runs it longer.)

A sequence that fails is shown as it was found: to shorten it takes minutes here and seconds in
memory, where the same steps can be played.
"""

from __future__ import annotations

from hypothesis import Phase, settings

from tests.app.machine import profile
from tests.e2e.real_bench import RealHistorian, RealPerson

SEQUENCES = settings(
    profile(15, steps=12),
    derandomize=False,  # in CI too: each run is to find what the last one did not
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    print_blob=True,
)

TestRealPerson = RealPerson.TestCase
TestRealPerson.settings = SEQUENCES
TestRealHistorian = RealHistorian.TestCase
TestRealHistorian.settings = SEQUENCES
