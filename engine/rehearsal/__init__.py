"""Rehearsing a pitch: what was said against what was written, where a prompter stands, and what time there is.

Pure, but for `session`, which hears.
"""
