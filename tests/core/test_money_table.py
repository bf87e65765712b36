"""Amounts in English and French are written as babel writes them, without babel."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pytest
from babel.core import Locale
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.money import CURRENCIES, minor_digits, show_money
from bluefs.core.money_table import LAYOUTS, SYMBOLS
from bluefs.core.when.names import SHORT_DAYS, SHORT_MONTHS
from bluefs.core.words import LANGUAGES

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def by_babel(amount: Decimal, currency: str, language: str) -> str:
    """With the decimals that we show: none, or the currency's and as many as there are."""
    digits = len(format(amount, "f").partition(".")[2].rstrip("0"))
    shown = max(minor_digits(currency), digits) if digits else 0
    pattern = "¤#,##0" if language == "en" else "#,##0\u00a0¤"
    decimals = "." + "0" * shown if shown else ""
    return format_currency(
        amount, currency, pattern.replace("#,##0", "#,##0" + decimals), language,
        currency_digits=False, decimal_quantization=False,
    )  # fmt: skip


@LANGUAGE
def test_the_layout_is_cldr_s(language: str) -> None:
    theirs, symbols = Locale(language), Locale(language).number_symbols["latn"]
    pattern = theirs.currency_formats["standard"]
    layout = LAYOUTS[language]
    assert (layout.group, layout.mark) == (symbols["group"], symbols["decimal"])
    assert (layout.prefix, layout.suffix) == (pattern.prefix[0], pattern.suffix[0])
    assert pattern.prefix[1] == symbols["minusSign"] + layout.prefix


@LANGUAGE
def test_every_currency_has_its_symbol(language: str) -> None:
    theirs = Locale(language).currency_symbols
    wanted = {code: theirs.get(code, code) for code in CURRENCIES}
    assert SYMBOLS[language] == {code: text for code, text in wanted.items() if text != code}


@LANGUAGE
@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_every_currency_reads_as_babel_writes_it(currency: str, language: str) -> None:
    for text in ("0", "1", "12000", "-999.5", "1234567.125", "0.05", "-12345678901234567890"):
        amount = Decimal(text)
        ours = show_money(amount, currency, language)
        assert spaced(ours, currency, language) == by_babel(amount, currency, language)


def spaced(text: str, currency: str, language: str) -> str:
    """Ours without the space that CLDR asks for between letters and digits and babel leaves
    out (``CHF 12,000``)."""
    symbol = SYMBOLS[language].get(currency, currency)
    return text.replace(f"{symbol}\u00a0", symbol) if language == "en" else text


@given(st.decimals(-(10**20), 10**20, places=3) | st.integers(-(10**20), 10**20))
def test_any_amount(number: Decimal | int) -> None:
    amount = Decimal(number)
    if amount.is_zero():
        amount = abs(amount)  # we have no minus zero
    for currency in ("EUR", "JPY", "KWD"):
        for language in LANGUAGES:
            ours = spaced(show_money(amount, currency, language), currency, language)
            assert ours == by_babel(amount, currency, language)


@pytest.mark.parametrize(
    ("text", "currency", "english", "french"),
    [
        ("12000", "EUR", "€12,000", "12\u202f000\u00a0€"),
        ("12000.5", "EUR", "€12,000.50", "12\u202f000,50\u00a0€"),
        ("-3.5", "USD", "-$3.50", "-3,50\u00a0$US"),
        ("12000", "CHF", "CHF\u00a012,000", "12\u202f000\u00a0CHF"),
        ("1500", "JPY", "¥1,500", "1\u202f500\u00a0JPY"),
        ("0.0", "EUR", "€0", "0\u00a0€"),
        ("-0", "EUR", "€0", "0\u00a0€"),
    ],
)
def test_amounts_as_people_read_them(text: str, currency: str, english: str, french: str) -> None:
    assert show_money(Decimal(text), currency, "en") == english
    assert show_money(Decimal(text), currency, "fr") == french


def test_other_languages_are_babel_s() -> None:
    assert show_money(Decimal("12000.5"), "EUR", "de") == "12.000,50\u00a0€"
    assert show_money(Decimal(12000), "USD", "en_GB") == "US$12,000"
    assert show_money(Decimal(12000), "CAD", "fr_CA") == "12\u00a0000\u00a0$"
    assert show_money(Decimal(12), "EUR", "xx_nowhere") == "€12"


def test_names_of_days_and_months_are_cldr_s() -> None:
    for language in LANGUAGES:
        theirs = Locale(language)
        days = [theirs.days["format"]["abbreviated"][n] for n in range(7)]
        months = [theirs.months["format"]["abbreviated"][n] for n in range(1, 13)]
        assert [*SHORT_DAYS[language]] == days
        assert [*SHORT_MONTHS[language]] == months


def test_our_languages_do_not_import_babel() -> None:
    code = (
        "import sys; from decimal import Decimal; from datetime import date, datetime, UTC\n"
        "from bluefs.core.money import show_money; from bluefs.core.when import show_when\n"
        "from bluefs.core.words import plural\n"
        "for one in ('en', 'fr'):\n"
        "    show_money(Decimal('12.5'), 'EUR', one); plural('screens.projects', 2, language=one)\n"
        "    show_when(date(2026, 12, 1), datetime.now(UTC), one)\n"
        "print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
