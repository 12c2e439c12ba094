"""ledger keeps a group's decisions: it reads minutes, proves its log, answers newcomers.

Reading order, which is also the way of the data::

    errors       LedgerError and its kinds, Where, Finding
    records      the kinds of record: frozen values
    canonical    value ⇄ canonical JSON bytes
    charter      GOVERNANCE.md front matter → Charter
    minutes      minutes text → draft records
    log          entries, hash chain, Merkle tree, signed head
    governance   facts → what stands
    store        the files of a ledger
    lookup       index, search, answers
    workflow     one verb per module: init, record, verify, find, …
    cli          the command line

The package imports none of these by itself: start-up time is a feature.
"""

__version__ = "0.1.0"
