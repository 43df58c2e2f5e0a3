"""The application: command line, pipeline, schedule, notifications, pages."""

from importlib.metadata import version

__version__ = version("sanctuary-tracker")
