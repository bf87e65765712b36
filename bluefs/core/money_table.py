"""How English and French write amounts: CLDR's layouts and currency symbols.

Owns the two tables, copied from babel so that a list of amounts need not import it. A test
compares every entry with babel's.
"""

from __future__ import annotations

from bluefs.core.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """``group`` between thousands, ``mark`` before the decimals; ``¤`` in the prefix or suffix
    stands for the currency's symbol."""

    group: str
    mark: str
    prefix: str
    suffix: str


LAYOUTS = {
    "en": Layout(",", ".", "¤", ""),
    "fr": Layout("\u202f", ",", "", "\u00a0¤"),
}

#: Where it is not the ISO code itself.
SYMBOLS = {
    "en": {
        "AUD": "A$", "BRL": "R$", "CAD": "CA$", "CNY": "CN¥", "EUR": "€", "GBP": "£", "HKD": "HK$",
        "ILS": "₪", "INR": "₹", "JPY": "¥", "KRW": "₩", "MXN": "MX$", "NZD": "NZ$", "PHP": "₱",
        "TWD": "NT$", "USD": "$", "VND": "₫", "XAF": "FCFA", "XCD": "EC$", "XCG": "Cg.",
        "XOF": "F\u202fCFA", "XPF": "CFPF",
    },
    "fr": {
        "ARS": "$AR", "AUD": "$AU", "BMD": "$BM", "BND": "$BN", "BRL": "R$", "BZD": "$BZ",
        "CAD": "$CA", "CLP": "$CL", "COP": "$CO", "EUR": "€", "FJD": "$FJ", "FKP": "£FK",
        "GBP": "£GB", "GIP": "£GI", "ILS": "₪", "INR": "₹", "KRW": "₩", "LBP": "£LB", "MXN": "$MX",
        "NAD": "$NA", "NZD": "$NZ", "SBD": "$SB", "SGD": "$SG", "SRD": "$SR", "TTD": "$TT",
        "USD": "$US", "UYU": "$UY", "VND": "₫", "WST": "$WS", "XAF": "FCFA", "XCG": "Cg.",
        "XOF": "F\u202fCFA", "XPF": "FCFP",
    },
}  # fmt: skip
