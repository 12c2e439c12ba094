"""Elections that textbooks use, and the notation in which they are written down here."""

from ledger.governance.counting import Profile, Scores


def profile(text, options=None):
    """Return the profile of lines such as ``42: A > B = C``; options in order of appearance."""
    ballots = []
    for line in text.strip().splitlines():
        weight, _, ranking = line.partition(":")
        groups = [
            [name.strip() for name in group.split("=") if name.strip()] for group in ranking.split(">")
        ]
        ballots.append((int(weight), groups))
    named = list(dict.fromkeys(name for _, groups in ballots for group in groups for name in group))
    return Profile.of(options or named, ballots)


def scores(options, *rows, highest=5):
    """Return score ballots of (weight, scores in the order of options)."""
    names = options.split()
    ballots = [(weight, dict(zip(names, row, strict=False))) for weight, *row in rows]
    return Scores.of(names, ballots, highest=highest)


# The capital of Tennessee (en.wikipedia.org, "Condorcet method" and "Instant-runoff voting").
TENNESSEE = """
42: Memphis > Nashville > Chattanooga > Knoxville
26: Nashville > Chattanooga > Knoxville > Memphis
15: Chattanooga > Knoxville > Nashville > Memphis
17: Knoxville > Chattanooga > Nashville > Memphis
"""

# The same with 84 voters: the last round of a run-off is even (abiftool, tennessee-example-irv-tie).
TENNESSEE_EVEN = """
42: Memphis > Nashville > Chattanooga > Knoxville
20: Nashville > Chattanooga > Knoxville > Memphis
10: Chattanooga > Knoxville > Nashville > Memphis
12: Knoxville > Chattanooga > Nashville > Memphis
"""

# Schulze's own example with 45 voters and a cycle (en.wikipedia.org, "Schulze method").
SCHULZE_45 = """
5: A > C > B > E > D
5: A > D > E > C > B
8: B > E > D > A > C
3: C > A > B > E > D
7: C > A > E > B > D
2: C > B > A > D > E
7: D > C > E > B > A
8: E > B > A > D > C
"""

# Winning votes and margins disagree (abiftool, mock-wv-margins).
WV_AGAINST_MARGINS = """
25: D = A > C > B
4: C = A > D = B
19: C > A > B = D
11: D = B > C > A
6: B > A = C = D
8: C > A = D > B
"""

# What to eat at the party (en.wikipedia.org, "Single transferable vote", 3 seats).
FOOD = """
4: Orange
2: Pear > Orange
8: Chocolate > Strawberry
4: Chocolate > Burger
1: Strawberry
1: Burger
"""

# Approvals for the capital (abiftool, tennessee-example-approval).
TENNESSEE_APPROVAL = """
21: Memphis
21: Memphis = Nashville
13: Nashville
13: Nashville = Chattanooga
8: Chattanooga
4: Chattanooga = Knoxville
3: Chattanooga = Nashville
9: Knoxville
8: Knoxville = Chattanooga
"""

# Six ballots of a code-of-conduct committee (kubernetes/community, elections/code-of-conduct/2025).
COMMITTEE = """
2: stm > end > div > sre > swa
1: div > swa = stm > end = sre
1: div > end > swa = stm > sre
1: sre > div > swa > end > stm
1: end > div > swa > stm > sre
"""
