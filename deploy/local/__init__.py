"""The running stack on one machine: private servers, every process, one supervisor.

The Makefile calls the verbs of __main__.py, and they call the rest:

    settings.py       what the environment asks for, and where things are kept
    processes.py      the table of processes
    servers/          PostgreSQL, RabbitMQ and Redis of our own
    provisioning.py   databases, roles, broker rights, migrations
    environment.py    what the processes are told
    supervisor.py     starts, restarts and stops
    run.py            puts it together (`make run`)
    stack.py          the same from another program (`make up`, tests)
"""
