"""An exhibit: what somebody needs who is to say under their own name what was captured, and how.

It states what is kept and draws no conclusion.
"""
