"""Faults planted into copies of the project, one at a time: the tests named with each have to fail."""
