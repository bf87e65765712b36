"""The model in memory: 1,000 sequences, half of them with Git by hand."""

from __future__ import annotations

from tests.app.machine import Historian, Person, profile

TestPerson = Person.TestCase
TestPerson.settings = profile(500)
TestHistorian = Historian.TestCase
TestHistorian.settings = profile(500)
