# SPDX-License-Identifier: Apache-2.0
"""RSA for the gateways that use it (python3-cryptography, Debian package)."""

import base64
import datetime
import secrets

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID


def new_pair():
    """(private PEM, public PEM)"""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return (key.private_bytes(serialization.Encoding.PEM,
                              serialization.PrivateFormat.PKCS8,
                              serialization.NoEncryption()).decode(),
            key.public_key().public_bytes(
                serialization.Encoding.PEM,
                serialization.PublicFormat.SubjectPublicKeyInfo).decode())


def certificate(pem, days=30):
    """(serial, PEM): of this private key, signed by itself."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "paysim")])
    now = datetime.datetime.now(datetime.timezone.utc)
    # the first byte is not 0, so that its text has all forty characters
    serial = 1 << 158 | secrets.randbits(158)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name) \
        .public_key(key.public_key()).serial_number(serial) \
        .not_valid_before(now - datetime.timedelta(days=1)) \
        .not_valid_after(now + datetime.timedelta(days=days)) \
        .sign(key, hashes.SHA256())
    return f"{serial:040X}", \
        made.public_bytes(serialization.Encoding.PEM).decode()


class Private:
    def __init__(self, pem):
        self.key = serialization.load_pem_private_key(pem.encode(), None)

    def sign(self, data, sha1=False):
        return base64.b64encode(self.key.sign(
            data, padding.PKCS1v15(),
            hashes.SHA1() if sha1 else hashes.SHA256())).decode()


class Public:
    def __init__(self, pem):
        self.key = serialization.load_pem_public_key(pem.encode())

    def good(self, data, sign):
        try:
            self.key.verify(base64.b64decode(sign, validate=True), data,
                            padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True
