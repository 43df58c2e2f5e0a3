"""The application: command line, pipeline, schedule, notifications, pages."""
