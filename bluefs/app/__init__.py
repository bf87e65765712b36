"""Use cases, on core and its ports. No I/O of its own, no words on a screen."""
