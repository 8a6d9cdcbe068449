"""Time for which several ask: who are rivals, in which order they come, by ranking or by draw, and who gets room.

    rivals.py       who competes with whom, and for whom there is room
    fair_share.py   past use against what a company is entitled to
    scoring.py      the sum by which rivals are ranked, part by part
    drawing.py      a draw that everybody can check
    explaining.py   what is kept of a decision, so that it can be shown to whom it concerns
"""
