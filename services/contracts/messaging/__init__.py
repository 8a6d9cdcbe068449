"""How what the services say is delivered: calls with a deadline, facts once and in order.

rpc.py           a service takes calls          client.py   and others make them
outbox.py        facts leave in the transaction that made them true
facts.py         facts are taken                inbox.py    once, in order, or parked
unit_of_work.py  one transaction                store.py    what a service is given of it
topology.py      every exchange, queue and right on the broker, before the first message
"""
