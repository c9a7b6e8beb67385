"""The auth service's address and key in the served scripts."""

from __future__ import annotations

from postdeploy.target.bundle import read_bundle

KEY = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2lnbmF0dXJl"


def test_the_address_nearest_to_the_key_is_the_services() -> None:
    assert read_bundle(f'let a="https://nextjs.org";createClient("https://abc.supabase.co","{KEY}")') == (
        "https://abc.supabase.co",
        KEY,
    )
    assert read_bundle('x="https://abc.supabase.co"') is None
