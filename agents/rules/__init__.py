"""The rules: one file per stakeholder, with the columns it owns and how it decides.

A rule is a pure scalar function: numbers in, number out, random numbers passed in as `u`. Both engines
call the same functions. Nothing here imports Mesa, pandas or `sim`.
"""
