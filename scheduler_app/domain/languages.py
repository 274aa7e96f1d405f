"""Languages that people speak, interpreters serve and pages are written in.

Codes are ISO 639-3. `tag` is the BCP 47 tag for `lang` attributes: the shortest one that browsers and screen
readers know. A variety names its language in `variety_of`; varieties are listed only where an interpreter of
one may not be understood by a speaker of another.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Language:
    """One language or variety; `variety_of` is the ISO 639-3 code of the language it belongs to."""

    code: str
    tag: str
    autonym: str
    german: str
    english: str
    direction: Direction = "ltr"
    variety_of: str | None = None
    is_signed: bool = False


class UnknownLanguage(ValueError):
    """The text names no language of the table; `text` is what was given."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is no known language: give an ISO 639 code or a BCP 47 tag such as 'ar' or 'kmr'"
        )
        self.text = text


class AmbiguousLanguage(UnknownLanguage):
    """The text names a family whose members do not understand each other; `choices` are their codes."""

    def __init__(self, text: str, choices: tuple[str, ...]) -> None:
        super().__init__(text)
        self.args = (f"{text!r} is not precise enough: give one of {', '.join(choices)}",)
        self.choices = choices


LANGUAGES: tuple[Language, ...] = (
    Language("deu", "de", "Deutsch", "Deutsch", "German"),
    Language("eng", "en", "English", "Englisch", "English"),
    Language("ukr", "uk", "Українська", "Ukrainisch", "Ukrainian"),
    Language("ara", "ar", "العربية", "Arabisch", "Arabic", "rtl"),
    Language(
        "apc",
        "apc",
        "العربية الشامية",
        "Arabisch (Syrien, Libanon, Palästina)",
        "Levantine Arabic",
        "rtl",
        "ara",
    ),
    Language("acm", "acm", "العربية العراقية", "Arabisch (Irak)", "Iraqi Arabic", "rtl", "ara"),
    Language("arz", "arz", "العربية المصرية", "Arabisch (Ägypten)", "Egyptian Arabic", "rtl", "ara"),
    Language("ary", "ary", "الدارجة المغربية", "Arabisch (Marokko)", "Moroccan Arabic", "rtl", "ara"),
    Language("arq", "arq", "الدارجة الجزائرية", "Arabisch (Algerien)", "Algerian Arabic", "rtl", "ara"),
    Language("aeb", "aeb", "الدارجة التونسية", "Arabisch (Tunesien)", "Tunisian Arabic", "rtl", "ara"),
    Language("apd", "apd", "العربية السودانية", "Arabisch (Sudan)", "Sudanese Arabic", "rtl", "ara"),
    Language("tur", "tr", "Türkçe", "Türkisch", "Turkish"),
    Language("rus", "ru", "Русский", "Russisch", "Russian"),
    Language("fas", "fa", "فارسی", "Persisch", "Persian", "rtl"),
    Language("pes", "fa-IR", "فارسی ایران", "Farsi (Iran)", "Iranian Persian", "rtl", "fas"),
    Language("prs", "fa-AF", "دری", "Dari (Afghanistan)", "Dari", "rtl", "fas"),
    Language("kmr", "kmr", "Kurmancî", "Kurmandschi (Kurdisch)", "Kurmanji (Northern Kurdish)"),
    Language("ckb", "ckb", "کوردیی ناوەندی", "Sorani (Kurdisch)", "Sorani (Central Kurdish)", "rtl"),
    Language("zza", "zza", "Zazakî", "Zazaki", "Zazaki"),
    Language("pus", "ps", "پښتو", "Paschtu", "Pashto", "rtl"),
    Language("urd", "ur", "اردو", "Urdu", "Urdu", "rtl"),
    Language("pan", "pa", "ਪੰਜਾਬੀ", "Pandschabi", "Punjabi"),
    Language("hin", "hi", "हिन्दी", "Hindi", "Hindi"),
    Language("ben", "bn", "বাংলা", "Bengalisch", "Bengali"),
    Language("tam", "ta", "தமிழ்", "Tamil", "Tamil"),
    Language("ron", "ro", "Română", "Rumänisch", "Romanian"),
    Language("bul", "bg", "Български", "Bulgarisch", "Bulgarian"),
    Language("pol", "pl", "Polski", "Polnisch", "Polish"),
    Language("sqi", "sq", "Shqip", "Albanisch", "Albanian"),
    Language("srp", "sr", "Српски", "Serbisch", "Serbian"),
    Language("hrv", "hr", "Hrvatski", "Kroatisch", "Croatian"),
    Language("bos", "bs", "Bosanski", "Bosnisch", "Bosnian"),
    Language("mkd", "mk", "Македонски", "Mazedonisch", "Macedonian"),
    Language("rom", "rom", "Romani čhib", "Romani", "Romani"),
    Language("rmn", "rmn", "Balkan Romani", "Romani (Balkan)", "Balkan Romani", "ltr", "rom"),
    Language("rmy", "rmy", "Vlax Romani", "Romani (Vlax)", "Vlax Romani", "ltr", "rom"),
    Language("rmc", "rmc", "Karpatiko Romani", "Romani (Karpaten)", "Carpathian Romani", "ltr", "rom"),
    Language("ell", "el", "Ελληνικά", "Griechisch", "Greek"),
    Language("hun", "hu", "Magyar", "Ungarisch", "Hungarian"),
    Language("lav", "lv", "Latviešu", "Lettisch", "Latvian"),
    Language("lit", "lt", "Lietuvių", "Litauisch", "Lithuanian"),
    Language("fra", "fr", "Français", "Französisch", "French"),
    Language("ita", "it", "Italiano", "Italienisch", "Italian"),
    Language("spa", "es", "Español", "Spanisch", "Spanish"),
    Language("por", "pt", "Português", "Portugiesisch", "Portuguese"),
    Language("nld", "nl", "Nederlands", "Niederländisch", "Dutch"),
    Language("tir", "ti", "ትግርኛ", "Tigrinya", "Tigrinya"),
    Language("amh", "am", "አማርኛ", "Amharisch", "Amharic"),
    Language("orm", "om", "Afaan Oromoo", "Oromo", "Oromo"),
    Language("som", "so", "Soomaali", "Somali", "Somali"),
    Language("swa", "sw", "Kiswahili", "Swahili", "Swahili"),
    Language("mnk", "mnk", "Mandinka", "Mandinka", "Mandinka"),
    Language("kat", "ka", "ქართული", "Georgisch", "Georgian"),
    Language("hye", "hy", "Հայերեն", "Armenisch", "Armenian"),
    Language("aze", "az", "Azərbaycanca", "Aserbaidschanisch", "Azerbaijani"),
    Language("zho", "zh", "中文", "Chinesisch", "Chinese"),
    Language("vie", "vi", "Tiếng Việt", "Vietnamesisch", "Vietnamese"),
    Language(
        "gsg",
        "gsg",
        "Deutsche Gebärdensprache",
        "Deutsche Gebärdensprache",
        "German Sign Language",
        is_signed=True,
    ),
    Language(
        "ukl",
        "ukl",
        "Українська жестова мова",
        "Ukrainische Gebärdensprache",
        "Ukrainian Sign Language",
        is_signed=True,
    ),
)

PAGE_LANGUAGES: tuple[str, ...] = ("de", "en", "uk", "ar", "tr")
"""BCP 47 tags of the languages that pages are offered in, in the order of the language switch.
A tag stands here as soon as its message catalogue is complete (docs/translating.md)."""

_BY_CODE = MappingProxyType({language.code: language for language in LANGUAGES})
_BY_TAG = MappingProxyType({language.tag.lower(): language for language in LANGUAGES})
# ISO 639-2/B codes of old lists, codes that ISO merged into another, and 639-1 codes that differ from the tag.
_ALIASES = MappingProxyType(
    {
        "ger": "deu",
        "rum": "ron",
        "fre": "fra",
        "alb": "sqi",
        "per": "fas",
        "mac": "mkd",
        "gre": "ell",
        "dut": "nld",
        "geo": "kat",
        "arm": "hye",
        "chi": "zho",
        "cmn": "zho",
        "ajp": "apc",
        "swh": "swa",
        "als": "sqi",
        "diq": "zza",
        "kiu": "zza",
        "mo": "ron",
        "pbt": "pus",
        "pst": "pus",
        "gaz": "orm",
        "sgn-de": "gsg",
        "ku-tr": "kmr",
        "ku-latn": "kmr",
        "ku-iq": "ckb",
        "ku-arab": "ckb",
        "fa-ir": "pes",
    }
)
_TOO_BROAD = MappingProxyType(
    {
        "ku": ("kmr", "ckb", "zza"),
        "kur": ("kmr", "ckb", "zza"),
        "sh": ("srp", "hrv", "bos"),
        "hbs": ("srp", "hrv", "bos"),
    }
)


def find_language(text: str) -> Language:
    """Return the language of an ISO 639-1, 639-2 or 639-3 code or of a BCP 47 tag (any case, `_` for `-`).

    Regions and scripts that make no difference here are ignored: `de-AT` is German.

    Raises:
        AmbiguousLanguage: the code covers languages whose speakers do not understand each other (`ku`).
        UnknownLanguage: no such language in the table.
    """
    wanted = text.strip().replace("_", "-").lower()
    subtags = wanted.split("-")
    for length in range(len(subtags), 0, -1):
        key = "-".join(subtags[:length])
        if key in _TOO_BROAD:
            raise AmbiguousLanguage(text, _TOO_BROAD[key])
        found = _BY_TAG.get(key) or _BY_CODE.get(_ALIASES.get(key, key))
        if found is not None:
            return found
    raise UnknownLanguage(text)


def varieties_of(code: str) -> tuple[Language, ...]:
    """Return the varieties of a language (ISO 639-3 code), in table order; empty where none are told apart."""
    return tuple(language for language in LANGUAGES if language.variety_of == code)


def covers(
    spoken_language: str, spoken_variety: str | None, wanted_language: str, wanted_variety: str | None
) -> bool:
    """Tell whether an interpreter of the spoken language serves somebody who wants the other (ISO 639-3).

    An unspecified variety on either side fits every variety of the same language; two named ones must be equal.
    A variety may also stand in the place of the language (`apc` means `ara`, `apc`).
    """
    spoken, spoken_kind = _language_and_variety(spoken_language, spoken_variety)
    wanted, wanted_kind = _language_and_variety(wanted_language, wanted_variety)
    return spoken == wanted and (spoken_kind is None or wanted_kind is None or spoken_kind == wanted_kind)


def _language_and_variety(language: str, variety: str | None) -> tuple[str, str | None]:
    known = _BY_CODE.get(language)
    if known is not None and known.variety_of is not None:
        return known.variety_of, variety or language
    return language, variety or None
