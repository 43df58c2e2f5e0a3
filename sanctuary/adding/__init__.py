"""Watching something new: what an address is, the entry for it, and what a first reading gives.

The way of ``sanctuary sources add``: ``looking`` asks for the address through the one gate,
``code_hosts``, ``survey``, ``forms`` and ``telling`` say what it is, ``proposing`` makes an entry
of that, ``first_reading`` says what reading it gives, and ``appending`` puts it into the file.
"""
