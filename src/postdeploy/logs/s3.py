"""Logs in an object storage that speaks S3: `--logs='s3://bucket/prefix/*.ndjson.gz'`, with the credentials that AWS's own tools use.

Through boto3 and not fsspec, whose patterns leave out silently what may not be listed: a bucket that does not exist looks empty there.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from postdeploy.logs.place import CONNECT, PIECE, READ, PlaceError

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

_TOKENS = re.compile(r"(\*\*/|\*\*|\*|\?|\[[^\]]+\])")
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_REFUSED = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "RequestExpired")
_DENIED = ("AccessDenied", "AllAccessDisabled", "AccountProblem", "403", "Forbidden")
_ELSEWHERE = ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301")
_NO_CREDENTIALS = (
    "no AWS credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE,"
    " or give the runner a role"
)


class Bucket:
    """The objects of a bucket that a pattern matches, or the one that it names."""

    def __init__(self, spec: str) -> None:
        """Raises: PlaceError: it names no object, or boto3 is not installed."""
        self._bucket, _, self._key = spec.removeprefix("s3://").partition("/")
        self.name = spec
        if not self._bucket or "@" in self._bucket:
            raise PlaceError("write s3://BUCKET/KEY. Credentials come from the environment, a profile or a role")
        if not self._key or self._key.endswith("/"):
            raise PlaceError(f"it names no object. Name those in it: --logs='{spec.rstrip('/')}/*'")
        self._literal = _TOKENS.split(self._key)[0]
        self.grows = self._literal != self._key
        with self._said():
            self._client = _client()

    def objects(self) -> Mapping[str, str]:
        """Those that match, by their keys."""
        if not self.grows:
            return {self._key: ""}
        pattern = _pattern(self._key)
        with self._said():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._literal)
            found = [one for page in pages for one in page.get("Contents", ())]
        return {
            one["Key"]: one["ETag"] for one in found if pattern.fullmatch(one["Key"]) and not one["Key"].endswith("/")
        }

    def pieces(self, name: str) -> Generator[bytes]:
        """The bytes of one."""
        with self._said(name):
            body = self._client.get_object(Bucket=self._bucket, Key=name)["Body"]
            with body:
                while piece := body.read(PIECE):
                    yield piece

    @contextmanager
    def _said(self, key: str = "") -> Iterator[None]:
        """What goes wrong, in our words: those of the libraries may hold addresses with signatures."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - an extra

        try:
            yield
        except ClientError as error:
            raise PlaceError(self._refusal(error, key)) from None
        except BotoCoreError as error:
            raise PlaceError(self._failure(error)) from None

    def _refusal(self, error: ClientError, key: str) -> str:
        code = str(error.response.get("Error", {}).get("Code", ""))
        match code:
            case "NoSuchBucket":
                return f"there is no bucket {self._bucket}. Check its name, AWS_REGION and AWS_ENDPOINT_URL"
            case "NoSuchKey" | "404":
                return f"there is no object {key}. Name one, or a pattern in quotes: 's3://{self._bucket}/PREFIX/*'"
            case "InvalidObjectState":
                return f"{key} is archived. Restore it first: aws s3api restore-object"
        if code in _DENIED:
            return (
                f"access denied. The credentials need s3:ListBucket on arn:aws:s3:::{self._bucket}"
                f" and s3:GetObject on arn:aws:s3:::{self._bucket}/{self._literal}*"
            )
        if code in _REFUSED:
            return f"the credentials were refused ({code}). Renew them: aws sts get-caller-identity shows whether they work"
        if code in _ELSEWHERE:
            return f"the bucket {self._bucket} is in another region. Set AWS_REGION"
        return f"the storage answered {code or 'an error'}"

    def _failure(self, error: BotoCoreError) -> str:
        kind = type(error).__name__
        if "Credential" in kind or "Profile" in kind or "Token" in kind or "SSO" in kind:
            return f"{_NO_CREDENTIALS} ({kind})"
        if kind in ("IncompleteReadError", "ResponseStreamingError", "ConnectionClosedError"):
            return "the connection ended before all of it was received"
        if kind == "NoRegionError":
            return "no region is set. Set AWS_REGION"
        return f"the storage can't be reached ({kind}). Check AWS_REGION, AWS_ENDPOINT_URL and the network"


def _client() -> Any:
    import boto3  # noqa: PLC0415 - an extra
    from botocore.config import Config  # noqa: PLC0415

    limits = Config(connect_timeout=CONNECT, read_timeout=READ, retries={"max_attempts": 3, "mode": "standard"})
    return boto3.Session().client("s3", config=limits)


def _pattern(key: str) -> re.Pattern[str]:
    """As patterns of files are read: `*` stays in its folder, `**` does not."""
    parts = (
        _MEANING.get(each)
        or (f"[{each[1:-1].replace('!', '^', 1) if each[1] == '!' else each[1:-1]}]" if at % 2 else re.escape(each))
        for at, each in enumerate(_TOKENS.split(key))
    )
    return re.compile("".join(parts), re.DOTALL)
