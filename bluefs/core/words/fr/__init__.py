"""The French catalogue: the words that stand in values. Messages are English so far."""
