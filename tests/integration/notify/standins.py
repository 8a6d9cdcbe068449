"""What the stand-ins have taken, what people see of it, and what goes wrong there."""



def mails(standin):
    return standin.client.get("/api/messages").json()


def shown(standin):
    """What people see on their phones: a recognised repeat shows nothing."""
    return [card for card in standin.client.get("/api/messages").json() if "duplicate" not in card.get("flags", [])]


def fault(standin, **body):
    assert standin.client.post("/api/faults", json=body).status_code == 201
