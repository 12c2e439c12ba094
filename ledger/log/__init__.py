"""Bytes and their proof: what the log is made of, without any knowledge of records.

Reading order: :mod:`merkle` (tree hashes), :mod:`entry` (one line of the log), :mod:`keys` (Ed25519
keys), :mod:`note` (signed text), :mod:`checkpoint` (the signed head), :mod:`chain` (a whole log).
"""
