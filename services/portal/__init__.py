"""The only HTTP: pages and the API, and beside them the live stream.

    app.py        puts it together            config.py     the environment
    gateway.py    one call to one service     identities.py who a person or a token is
    sessions.py   who is signed in            security.py   forged forms, headers
    language.py   in which language           sentences.py  errors as sentences
    errors.py     any failure as an answer    limits.py     how often one may ask

Neither nameko nor eventlet is loaded here; the one exception is live/service.py, a process
of its own.
"""
