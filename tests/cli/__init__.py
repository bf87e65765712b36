"""Tests of the command line: transcripts, and what they cannot say."""
