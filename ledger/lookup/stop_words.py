"""Words of a question that say how it is asked, not what for. English, as the minutes are."""

from __future__ import annotations

_SENTENCE = """
a about already also am an and any anybody anyone anything are as at be become becomes becoming been
being but by can could current currently did do does doing done each either ever every for from get
give given go going got had has have having he her here him his how i if in into is it its itself know
let like made make many may me might mine more most much must my need no not now of off on once one
only or other our ours ourselves out own please say says shall she should show so some somebody someone
something still such take tell than that the their them then there these they thing things this those
to too under until up us use used was we were what when where whether which while who whom whose why
will with without would yes yet you your yours
"""

_DECIDING = """
accept accepted adopt adopted adopting adoption agree agreed agreement approve approved chose choose
chosen decide decided decides decision decisions defer deferred group held official officially outcome
pass passed proposal proposals propose proposed proposer proposes proposing motion motions question
questions raise raised reason reasons record records reject rejected result status stand stands vote
voted votes voting
"""

SENTENCE = frozenset(_SENTENCE.split())
"""Words that only make a sentence: not looked for while there are others."""

DECIDING = frozenset(_DECIDING.split())
"""Words about deciding: every record is about that, so they are not looked for either."""
