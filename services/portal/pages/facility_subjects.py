"""The subjects under which a manager describes a facility, each a page with one form."""

from flask_babel import lazy_gettext

SUBJECTS = {
    "edit_facility": lazy_gettext("Basics"),
}
"""Endpoint of the page → its name, in the order in which they are shown."""
