"""The JSON API under /api/v1 (DESIGN section 7), its description and its docs page.

    access.py     who may call a route      reading.py    bodies and queries, strictly
    bodies.py     what a command takes      filters.py    what a query takes
    answers.py    sending and answering     shapes.py     what comes back, of parts.py
    documents.py  OpenAPI and the docs page

One module per subject holds its routes; each names what it needs, sends one command or asks
one query, and hands on what the service said.
"""

from flask import Flask

from services.portal.api import (
    board,
    campaigns,
    catalogue,
    channels,
    contention,
    converters,
    deliveries,
    documents,
    facilities,
    importing,
    interruptions,
    people,
    projects,
    quotas,
    replans,
    reservations,
    series,
    sites,
    swaps,
    tokens,
    trainings,
    usage,
    waiting,
    webhooks,
    what_if,
)

SUBJECTS = (
    people, channels, projects, facilities, sites, interruptions, board, reservations, usage, series, campaigns,
    deliveries, webhooks, tokens, trainings, quotas, catalogue, replans, contention, swaps, waiting, what_if,
    importing,
)
PREFIX = "/api/v1"


def attach(app: Flask) -> None:
    converters.attach(app)
    api = documents.description(app)
    for subject in SUBJECTS:
        api.register_blueprint(subject.blueprint, url_prefix=PREFIX)
    documents.attach(app, api)
