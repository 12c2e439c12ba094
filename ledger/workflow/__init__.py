"""The library's verbs, one module each; they return values and print nothing.

``init`` starts a ledger · ``record`` seals minutes · ``verify`` checks every promise · ``lookup`` answers
questions. Behind ``record``, in the way of the data: ``sources`` (files → bytes) · ``history`` and
``history_file`` (what is on record) · ``reread`` (two readings compared) · ``plan`` (what one file would
append) · ``batch`` (several files) · ``rehearsal`` (what ``verify`` would say of it) · ``preview`` ·
``edit`` (drafts as YAML) · ``asking`` (whom it asks).
"""
