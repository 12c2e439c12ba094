"""Members' own signatures: keys in the charter, statements, and their way from the inbox into the log.

Reading order: :mod:`signer` (whose key), :mod:`statements` (what is signed), :mod:`sequencing` (from the
inbox into the log), :mod:`charter_keys` (keys added to the charter and revoked).
"""
