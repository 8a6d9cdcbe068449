"""Over TLS, through the real start command: eventlet's patching has broken that before without breaking plain HTTP."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notify.channels.email import EmailChannel, SmtpSettings
from services.notify.domain.outcomes import Kind
from tests.integration.deploy_standins.conftest import Standin
from tests.integration.notify.standins import mails, shown
from tests.integration.notify.test_two_senders import pile_up
from tests.integration.processes import free_port
from tests.unit.notify import situations
from tests.waiting import until


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a key and a certificate for this machine, which only those trust who are told to."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-ins")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "standins.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return str(file)


@pytest.fixture
def wechat(certificate):
    standin = Standin("wechat", {"WECHAT_PORT": free_port()}, tls=certificate, STANDIN_CERTIFICATE=certificate)
    yield standin
    standin.stop()


@pytest.fixture(params=["starttls", "yes"])
def mailbox(request, certificate):
    ports = {"MAILBOX_HTTP_PORT": free_port(), "MAILBOX_SMTP_PORT": free_port()}
    standin = Standin("mailbox", ports, STANDIN_CERTIFICATE=certificate, MAILBOX_SMTP_TLS=request.param)
    standin.tls = request.param
    yield standin
    standin.stop()


def test_cards_and_mails_go_out_encrypted(database, start_sender, mailbox, wechat, certificate):
    pile_up(database, cards=12, letters=6)
    base = f"https://127.0.0.1:{wechat.ports['WECHAT_PORT']}"
    start_sender(SMTP_TLS=mailbox.tls, WECHAT_API_BASE=base, SSL_CERT_FILE=certificate)
    until(lambda: set(database.states("wechat") + database.states("email")) == {"accepted"}, seconds=40)
    assert len(shown(wechat)) == 12
    assert len(mails(mailbox)) == 6


@pytest.fixture
def mail(notify):
    """One of the mails about an approval."""
    notify.hear(situations.approved_automatically().event)
    return notify.sender().first(EmailChannel(SmtpSettings("127.0.0.1", 1, tls="no")))


def test_a_certificate_that_nobody_vouches_for_is_a_matter_of_configuration(mail, mailbox):
    port = mailbox.ports["MAILBOX_SMTP_PORT"]
    outcome = EmailChannel(SmtpSettings("127.0.0.1", port, tls=mailbox.tls)).send(mail)
    assert outcome.kind is Kind.CONFIGURATION
    assert outcome.pause
    assert not mails(mailbox)


def test_no_mail_goes_out_in_the_clear_because_a_server_offers_nothing_else(mail):
    plain = Standin("mailbox", {"MAILBOX_HTTP_PORT": free_port(), "MAILBOX_SMTP_PORT": free_port()})
    port = plain.ports["MAILBOX_SMTP_PORT"]
    outcome = EmailChannel(SmtpSettings("127.0.0.1", port, tls="starttls")).send(mail)
    assert (outcome.kind, bool(outcome.pause)) == (Kind.CONFIGURATION, True)
    assert not mails(plain)
    plain.stop()
