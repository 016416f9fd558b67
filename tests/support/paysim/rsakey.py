# SPDX-License-Identifier: Apache-2.0
"""RSA for the gateways that use it (python3-cryptography, Debian package)."""

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def new_pair():
    """(private PEM, public PEM)"""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return (key.private_bytes(serialization.Encoding.PEM,
                              serialization.PrivateFormat.PKCS8,
                              serialization.NoEncryption()).decode(),
            key.public_key().public_bytes(
                serialization.Encoding.PEM,
                serialization.PublicFormat.SubjectPublicKeyInfo).decode())


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
