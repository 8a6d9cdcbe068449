"""What a process is told: the environment in a YAML file."""

import pytest

from services.contracts.messaging.configuration import MissingSettings, read_config


def test_a_name_stands_for_the_environment_or_for_its_default():
    text = "URL: ${URL}\nPORT: ${PORT:587}\nUSER: '${USER:}'\nHOST: ${HOST:there}"
    told = read_config(text, {"URL": "amqp://here", "HOST": "here", "PORT": ""})
    assert told == {"URL": "amqp://here", "PORT": 587, "USER": "", "HOST": "here"}


def test_every_missing_name_is_told_at_once():
    with pytest.raises(MissingSettings, match="A, B"):
        read_config("b: ${B}\na: ${A}\nc: ${C:1}", {"B": ""})
