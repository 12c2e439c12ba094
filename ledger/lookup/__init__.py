"""Tables → answers: the index, and what is found, shown and listed with it.

``index`` opens the index of a ledger (and makes it where it must); ``search.find``, ``show.show`` and
``listing.list_records`` answer from it. The index only points: every word is read from the log.

``reader`` → ``builder`` → ``build`` make it, ``index_files`` keeps it; ``question`` reads what is asked,
``thread`` what is on record about a thing, ``answer``, ``people`` and ``layout`` say it.
"""
