"""Minutes of a reading group that does not exist, written for these tests."""

MARCH = """\
---
layout: page
meeting_time: March 5th, 2025 18:00 UTC
title: Minutes 2025-03-05
---

## Meeting details

*   **Location**: reading room, first floor

### Welcome

*   Meeting chair: @ann
*   Meeting secretary: @bob

### Attendees, absents & regrets

*   Attendees
    *   @ann, @bob, @cid
*   Regrets
    *   @dee

### Operating changes

*   @ann – Proposal: Adopt the Code of Conduct of the town library
    *   @bob - it is short and clear
    *   @cid - and everybody knows it already
    *   Vote: Unanimously **in favor**.
*   @cid – Proposal: Buy a second shelf for the travel books
    *   @ann - the treasurer sees room for it
    *   Vote: Unanimously **in favor**.

### Reports

*   @bob – The catalogue has four hundred titles now

### Next meeting date, time and location

*   Next meeting: April 2nd, 2025 18:00 UTC
"""

APRIL = """\
---
layout: page
meeting_time: April 2nd, 2025 18:00 UTC
title: Minutes 2025-04-02
---

### Welcome

*   Meeting chair: @bob
*   Meeting secretary: @cid

### Attendees, absents & regrets

*   Attendees
    *   @bob, @cid
*   Regrets
    *   @ann

### Operating changes

*   @bob – Proposal: Lend three books at a time instead of two
    *   @cid - the long waiting list speaks against it
    *   Vote: 1 in favor, 1 against.

### Next meeting date, time and location

*   Next meeting: TBD
"""

OTHER_MARCH = """\
---
meeting_time: March 5th, 2025 20:30 UTC
title: Annual assembly 2025-03-05
---

### Welcome

*   Meeting chair: @dee
*   Meeting secretary: @eve

### Attendees

*   @dee, @eve, @fay, @gus

### Operating changes

*   @eve – Proposal: Raise the yearly fee to twelve crowns
    *   @fay - the heating has become dear
    *   Vote: Unanimously **in favor**.

### Treasurer

*   @gus – The accounts of last year were read aloud and found in order
"""

EDITED_MARCH = (
    MARCH.replace("it is short and clear", "it is short, clear and old")
    .replace("    *   @cid - and everybody knows it already\n", "")
    .replace(
        "    *   @ann - the treasurer sees room for it\n",
        "    *   @ann - the treasurer sees room for it\n    *   @bob - oak, please\n",
    )
)
"""One comment reworded, one removed, one added; everything behind them moves."""
