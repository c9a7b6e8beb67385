"""Secrets behind `password`, `token` or `secret`, and people in other spellings, are in no words; words of the sentence are."""

from __future__ import annotations

import pytest

from postdeploy.analysis.fingerprint import named_slots, words
from postdeploy.redaction import Redactor


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        ("Error: sign in failed with password correct-horse-battery-staple", "horse"),
        ("login failed, password: Sommer-Regen-Haus", "Regen"),
        ("login failed, password is Sommer-Regen-Haus", "Regen"),
        ("login failed, passphrase (Sommer-Regen-Haus)", "Regen"),
        ("Error: Invalid token letmein!please", "letmein"),
        ("Error: accessToken Sommer-Regen is not valid", "Regen"),
        ("Error: api key Sommer-Regen is not valid", "Regen"),
        ("unauthorized (x-api-key: Sommer-Regen)", "Regen"),
        ("Error: secret 'hunter2' is not valid", "hunter"),
        ("Error: secret 'hunter_two' is not valid", "hunter"),
        ("Error: token 'Sommer Regen' is not valid", "Regen"),
        ('Error: {"password": "SommerRegen"} is not valid', "Regen"),
        ("Error: env 'hunter2' is not valid", "hunter"),
        ("Error: field 'npg_m1x72EsSfUQU' is not valid", "m1x72"),
        ("TypeError: Cannot read properties of undefined (reading 'npg_m1x72EsSfUQU')", "m1x72"),
        ("Error: refused apify_api_AbCdEfGhIjKlMnOpQrStUvWxYzabcdefghij", "AbCd"),
        ("Error: refused npg_AbCdEfGhIjKl, try again", "AbCd"),
        ("Error: refused pplx-abcdefghijklmnopqrstuvwxyzabcdefghijklmn", "abcd"),
        ("Error: refused sk_abcdefabcdefabcdefabcdefabcdefabcdef", "abcd"),
        ("Error: no mailbox anna%40firma.de", "anna"),
        ("Error: no mailbox anna%2540firma.de", "anna"),
        ("Error: no mailbox anna&#64;firma.de", "anna"),
        ("Error: no mailbox anna(at)firma.de", "anna"),
        ("Error: no mailbox anna [at] firma [dot] de", "anna"),
        ("Error: no mailbox anna at firma dot de", "anna"),
        ('Error: no mailbox "anna schmidt"@firma.de', "anna"),
        ("Error: cn=Anna Schmidt,ou=Sales", "Schmidt"),
        ("Error: cn=Anna Maria Schmidt", "Schmidt"),
        ("Error: cannot message @anna_schmidt", "anna"),
        ("Error: cannot message @anna, @ben.meier", "anna"),
        ("Error: no page Anna/Schmidt", "Schmidt"),
    ],
)
def test_a_secret_or_a_person_is_in_no_words(message: str, secret: str) -> None:
    assert secret not in words(message)
    assert secret not in named_slots(words(message), message)


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        ("Error: wrong password sunshine", "sunshine"),
        ("Error: the token is sunshine", "sunshine"),
        ("Error: secret: sunshine", "sunshine"),
        ("Error: cannot ship to Hauptstrasse 12, 10115 Berlin", "Berlin"),
        ("Error: deal with Blumen Krause GmbH is closed", "Krause"),
        ("Anmeldung fehlgeschlagen, Passwort: sommerregen", "sommerregen"),
        ("Anmeldung fehlgeschlagen, Kennwort sommerregen", "sommerregen"),
        ("Anmeldung fehlgeschlagen, das Passwort ist sommerregen", "sommerregen"),
        ("échec, mot de passe : soleilrouge", "soleilrouge"),
        ("fallo, contraseña: solrojo", "solrojo"),
        ("falha, senha: solvermelho", "solvermelho"),
        ("mislukt, wachtwoord: zomerregen", "zomerregen"),
        ("błąd, hasło: deszcz", "deszcz"),
        ("ошибка, пароль: солнце", "солнце"),
        ("登录失败 密码: taiyang", "taiyang"),
        ("失敗 パスワード\uff1aひまわり", "ひまわり"),
    ],
)
def test_a_word_that_may_be_one_is_not_shown(message: str, secret: str) -> None:
    assert secret not in named_slots(words(message), message)


@pytest.mark.parametrize(
    "message",
    [
        "error: password authentication failed for user",
        "Error: password mismatch",
        "Error: token expired",
        "JsonWebTokenError: invalid token signature",
        "AuthApiError: Invalid Refresh Token: Refresh Token Not Found",
        "Error: token is malformed",
        "Error: secret STRIPE_KEY is missing",
        "Error: Invalid API key provided",
        "Error: API key not valid. Please pass a valid API key.",
        "error: duplicate key value violates unique constraint lead_email_key",
        "SyntaxError: Unexpected token in JSON",
        "Error: invalid and/or missing",
        "Error: Cannot find package @prisma/client",
        "Fehler: Passwort invalid",
        "Fehler: Passwort: missing",
    ],
)
def test_words_of_a_sentence_stay_readable(message: str) -> None:
    assert named_slots(words(message), message) == message


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Error: secret 'STRIPE_KEY' is missing", "Error: secret STRIPE_KEY is missing"),
        ("TypeError: x (reading 'map')", "TypeError: x (reading map)"),
        ("TypeError: x (reading 'addressLine2')", "TypeError: x (reading addressLine2)"),
        ("SyntaxError: Unexpected token < in JSON", "SyntaxError: Unexpected token ‹id› in JSON"),
        ("Unexpected token 'I', \"Internal S\"... is not valid", "Unexpected token ‹text› is not valid"),
        ("Error: Cannot find module '@prisma/client'", "Error: Cannot find module @prisma/client"),
    ],
)
def test_names_of_the_code_stay_readable(message: str, shown: str) -> None:
    assert named_slots(words(message), message) == shown


@pytest.mark.parametrize("at", ["@", "%40", "%2540", "&#64;"])
def test_the_redactor_knows_an_address_however_it_is_encoded(at: str) -> None:
    assert Redactor()(f"to ada.lovelace{at}example.com failed") == "to *** failed"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Error: password: hunter two is wrong", "Error: password: ‹text› is wrong"),
        ("Error: password: correct horse battery staple", "Error: password: ‹text›"),
        ("Error: password hunter two failed", "Error: password ‹text› failed"),
        ("Error: accessToken: hunter two", "Error: accessToken: ‹text›"),
        ("Error: password of huber is hunter two", "Error: password of ‹text› is ‹text›"),
        ("Error: password (hunter two) refused", "Error: password (‹text›) refused"),
        ("Error: password: hunter2 two is wrong", "Error: password: ‹id› is wrong"),
        ("Error: passwort: blaue zitrone", "Error: passwort: ‹text›"),
    ],
)
def test_all_words_of_a_secret_are_left_out(message: str, shown: str) -> None:
    assert named_slots(words(message), message) == shown


@pytest.mark.parametrize(
    "message",
    [
        "Error: token: malformed payload",
        "Error: password: must contain a number",
        "Error: no API_TOKEN configured",
        "Error: DB_PASSWORD is not set",
        "Error: secret STRIPE_KEY is missing",
        "Error: token of the app is refused",
        "OPENAI_API_KEY is configured",
        "MissingSecret: Please define a secret",
    ],
)
def test_what_is_said_of_a_secret_is_shown(message: str) -> None:
    assert named_slots(words(message), message) == message
