"""What finished runs say of a form: which of its levers its lead hangs on, and where the order of two forms turns.

    found = sim.ablate("red_station", rivals=["market"], place="trapped")
    found.table, found.words
    turned = sim.crossing("red_station", "market", over="fee", outcome="cost_covered", place="trapped")
    turned.crossings, turned.words

Nothing here draws: the command line hands figures in.
"""
