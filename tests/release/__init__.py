"""What has to hold of a release: ``make check-release``.

It builds the wheel, installs it into environments that hold nothing else, and uses it there as its
users would. That takes minutes and asks a package index; what is cheap is in the other tests.
"""
