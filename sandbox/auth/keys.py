"""The keys of the auth service: what signs access tokens, and the anon key a browser is given.

As on a current Supabase project, access tokens are signed with ES256 and can be verified with the published JWKS; the
anon key is a long-lived HS256 token with the role ``anon``.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

if TYPE_CHECKING:
    from pathlib import Path

ALGORITHM = "ES256"
ISSUED, EXPIRES = 1_767_225_600, 2_082_758_400
"""The anon key is the same in every run: it is part of the app's build."""


@dataclass(frozen=True)
class Keys:
    """A signing key with its id, and the anon key."""

    private: ec.EllipticCurvePrivateKey
    key_id: str
    anon_key: str
    service_key: str
    """What may do everything; never to be seen in a browser."""

    @classmethod
    def load(cls, path: Path) -> Keys:
        """The keys kept in ``path``; made and kept there if there are none."""
        if not path.exists() or "service_key" not in path.read_text(encoding="utf-8"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(json.dumps(cls._make()), encoding="utf-8")
        kept = json.loads(path.read_text(encoding="utf-8"))
        private = serialization.load_pem_private_key(kept["private"].encode(), password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{path} holds a key of another kind; remove the file to have a new one made")
        return cls(private, kept["key_id"], kept["anon_key"], kept["service_key"])

    @staticmethod
    def _make() -> dict[str, str]:
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        reference = secrets.token_hex(10)
        claims = {"iss": "supabase", "ref": reference, "iat": ISSUED, "exp": EXPIRES}
        secret = secrets.token_hex(32)
        return {
            "private": pem.decode(),
            "key_id": secrets.token_hex(16),
            "anon_key": jwt.encode(claims | {"role": "anon"}, secret, algorithm="HS256"),
            "service_key": jwt.encode(claims | {"role": "service_role"}, secret, algorithm="HS256"),
        }

    def sign(self, claims: dict[str, Any]) -> str:
        """An access token with these claims."""
        return jwt.encode(claims, self.private, algorithm=ALGORITHM, headers={"kid": self.key_id})

    def verify(self, token: str) -> dict[str, Any]:
        """The claims of an access token of ours; raises `jwt.InvalidTokenError` for any other."""
        claims: dict[str, Any] = jwt.decode(
            token, self.private.public_key(), algorithms=[ALGORITHM], audience="authenticated"
        )
        return claims

    def jwks(self) -> dict[str, Any]:
        """What is published at ``/.well-known/jwks.json``."""
        public = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        use = {"kid": self.key_id, "use": "sig", "alg": ALGORITHM, "key_ops": ["verify"], "ext": True}
        return {"keys": [public | use]}
