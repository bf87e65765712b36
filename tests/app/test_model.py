"""The model in memory: 120 sequences, half of them with Git by hand."""

from __future__ import annotations

from tests.app.machine import Historian, Person, profile

TestPerson = Person.TestCase
TestPerson.settings = profile(60)
TestHistorian = Historian.TestCase
TestHistorian.settings = profile(60)
