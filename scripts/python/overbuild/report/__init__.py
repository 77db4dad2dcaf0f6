"""A report of one or several results as one page of HTML that needs no network."""

from overbuild.report.build import write_report

__all__ = ["write_report"]
