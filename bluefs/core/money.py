"""Currencies: which exist, what people write before and after an amount, how one is shown.

Owns the table of ISO 4217 codes (List One, in force 2026-01-01, without precious metals and
test codes) and of signs. Amounts are exact Decimals; nothing here rounds or converts. English
and French are written from a small table of our own (``money_table``), any other language by
babel, which takes some 50 ms to import.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Context, Decimal, localcontext
from functools import lru_cache

from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.money_table import LAYOUTS, SYMBOLS, Layout
from bluefs.core.patterns import pattern

if TYPE_CHECKING:
    from babel.core import Locale
    from babel.numbers import NumberPattern

CURRENCIES = frozenset(
    [
        "AED",
        "AFN",
        "ALL",
        "AMD",
        "ANG",
        "AOA",
        "ARS",
        "AUD",
        "AWG",
        "AZN",
        "BAM",
        "BBD",
        "BDT",
        "BGN",
        "BHD",
        "BIF",
        "BMD",
        "BND",
        "BOB",
        "BRL",
        "BSD",
        "BTN",
        "BWP",
        "BYN",
        "BZD",
        "CAD",
        "CDF",
        "CHF",
        "CLF",
        "CLP",
        "CNY",
        "COP",
        "CRC",
        "CUP",
        "CVE",
        "CZK",
        "DJF",
        "DKK",
        "DOP",
        "DZD",
        "EGP",
        "ERN",
        "ETB",
        "EUR",
        "FJD",
        "FKP",
        "GBP",
        "GEL",
        "GHS",
        "GIP",
        "GMD",
        "GNF",
        "GTQ",
        "GYD",
        "HKD",
        "HNL",
        "HTG",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "IQD",
        "IRR",
        "ISK",
        "JMD",
        "JOD",
        "JPY",
        "KES",
        "KGS",
        "KHR",
        "KMF",
        "KPW",
        "KRW",
        "KWD",
        "KYD",
        "KZT",
        "LAK",
        "LBP",
        "LKR",
        "LRD",
        "LSL",
        "LYD",
        "MAD",
        "MDL",
        "MGA",
        "MKD",
        "MMK",
        "MNT",
        "MOP",
        "MRU",
        "MUR",
        "MVR",
        "MWK",
        "MXN",
        "MYR",
        "MZN",
        "NAD",
        "NGN",
        "NIO",
        "NOK",
        "NPR",
        "NZD",
        "OMR",
        "PAB",
        "PEN",
        "PGK",
        "PHP",
        "PKR",
        "PLN",
        "PYG",
        "QAR",
        "RON",
        "RSD",
        "RUB",
        "RWF",
        "SAR",
        "SBD",
        "SCR",
        "SDG",
        "SEK",
        "SGD",
        "SHP",
        "SLE",
        "SOS",
        "SRD",
        "SSP",
        "STN",
        "SVC",
        "SYP",
        "SZL",
        "THB",
        "TJS",
        "TMT",
        "TND",
        "TOP",
        "TRY",
        "TTD",
        "TWD",
        "TZS",
        "UAH",
        "UGX",
        "USD",
        "UYU",
        "UYW",
        "UZS",
        "VED",
        "VES",
        "VND",
        "VUV",
        "WST",
        "XAF",
        "XCD",
        "XCG",
        "XOF",
        "XPF",
        "YER",
        "ZAR",
        "ZMW",
        "ZWG",
    ]
)
_DIGITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
_SIGNS = {
    "€": "EUR", "£": "GBP FKP GIP SHP EGP", "₹": "INR", "₺": "TRY", "₽": "RUB", "₩": "KRW KPW",
    "₪": "ILS", "₫": "VND", "₴": "UAH", "₦": "NGN", "฿": "THB", "₱": "PHP", "₡": "CRC",
    "₸": "KZT", "₾": "GEL", "₵": "GHS", "¥": "JPY CNY", "￥": "JPY CNY", "zł": "PLN",
    "Kč": "CZK", "Ft": "HUF", "lei": "RON", "kr": "SEK NOK DKK ISK", "kr.": "DKK", "R$": "BRL",
    "US$": "USD", "CA$": "CAD", "C$": "CAD NIO", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD",
    "HK$": "HKD", "S$": "SGD", "NT$": "TWD", "MX$": "MXN", "Fr.": "CHF", "R": "ZAR",
    "$": "USD CAD AUD NZD HKD SGD MXN ARS CLP COP UYU TWD BBD BMD BND BSD BZD FJD GYD JMD KYD "
    "LRD NAD SBD SRD TTD XCD DOP CUP",
}  # fmt: skip
_SIGN = "|".join([*map(re.escape, sorted(_SIGNS, key=len, reverse=True)), r"[A-Za-z]{3}"])
_AMOUNT = pattern(
    rf"(?P<s1>[-+]?) *(?P<before>{_SIGN})? *(?P<s2>[-+]?) *"
    rf"(?P<number>[0-9.](?:.*[0-9.])?) *(?P<after>{_SIGN})?"
)
#: Wide enough that formatting never rounds: a number has at most 64 characters.
_EXACT = Context(prec=200)


def minor_digits(currency: str) -> int:
    """How many decimals the currency's smallest coin has (2 for EUR, 0 for JPY)."""
    return _DIGITS.get(currency, 2)


def split_amount(text: str) -> tuple[str, frozenset[str]] | None:
    """The number in ``€12``, ``12 EUR`` or ``-$5`` as it is written, and the ISO codes that
    its sign may mean. None where no sign is there, or two that contradict each other."""
    found = _AMOUNT.fullmatch(text)
    if found is None or not (found["before"] or found["after"]) or (found["s1"] and found["s2"]):
        return None
    meant = [_codes(sign) for sign in (found["before"], found["after"]) if sign]
    codes = frozenset.intersection(*meant)
    return (found["s1"] + found["s2"] + found["number"], codes) if codes else None


def _codes(sign: str) -> frozenset[str]:
    signs = _SIGNS.get(sign)
    return frozenset(signs.split() if signs else {sign.upper()} & CURRENCIES)


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    from babel.core import Locale, UnknownLocaleError

    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale("en")


@lru_cache(maxsize=64)
def _pattern(language: str, low: int, high: int) -> NumberPattern:
    from copy import copy

    pattern: NumberPattern = copy(_locale(language).currency_formats["standard"])
    pattern.frac_prec = (low, high)
    return pattern


@lru_cache(maxsize=4096)
def show_money(amount: Decimal, currency: str, language: str) -> str:
    """``€12,000``, ``12 000 €``: the language's own way (CLDR). A whole amount without
    decimals, any other with the currency's and as many more as it really has."""
    plain = format(amount, "f")
    digits = len(plain.partition(".")[2].rstrip("0"))
    shown = max(minor_digits(currency), digits) if digits else 0
    layout = LAYOUTS.get(language)
    if layout is None:
        return _by_babel(amount, currency, language, shown)
    symbol = SYMBOLS[language].get(currency, currency)
    if layout.prefix and _is_letter(symbol[-1:]):
        symbol += "\u00a0"
    number = _spelt(plain, shown, layout)
    minus = "-" if amount < 0 else ""
    return f"{minus}{layout.prefix}{number}{layout.suffix}".replace("\u00a4", symbol)


def _spelt(plain: str, shown: int, layout: Layout) -> str:
    """The digits of a number without its sign, in the language's groups and with its mark."""
    whole, _, decimals = plain.removeprefix("-").partition(".")
    grouped = f"{int(whole or 0):,}".replace(",", layout.group)
    decimals = decimals.rstrip("0").ljust(shown, "0")
    return f"{grouped}{layout.mark}{decimals}" if decimals else grouped


def _is_letter(char: str) -> bool:
    """What needs a space before a digit (CLDR's currencySpacing, which babel leaves out:
    ``CHF 12,000``)."""
    return bool(char) and unicodedata.category(char)[0] not in "SZ"


def _by_babel(amount: Decimal, currency: str, language: str, shown: int) -> str:
    with localcontext(_EXACT):
        pattern = _pattern(language, shown, shown)
        return str(pattern.apply(amount, _locale(language), currency, currency_digits=False))


@lru_cache(maxsize=16)
def decimal_mark(language: str) -> str:
    """What stands between a number's whole part and its decimals in this language."""
    layout = LAYOUTS.get(language)
    if layout is not None:
        return layout.mark
    from babel.numbers import get_decimal_symbol

    return str(get_decimal_symbol(_locale(language)))


def percent_gap(language: str) -> str:
    """What stands between a number and its percent sign: in French a narrow no-break space."""
    return "\u202f" if language.startswith("fr") else " "
