"""Invented names, as people with these languages write them; some in their own script, some as on German papers."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Speakers:
    """Clients of one language. ``variety`` and ``language`` are ISO 639-3, ``share`` is how many of 100 they are."""

    language: str
    variety: str
    share: int
    given: tuple[str, ...]
    family: tuple[str, ...]

    def name(self, random: Random) -> str:
        return f"{random.choice(self.given)} {random.choice(self.family)}"


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SPEAKERS: tuple[Speakers, ...] = (
    Speakers("", "", 16, _split("Maria João Anna Kofi Mei Carlos Linh Priya Tomasz Ana Samuel Grace"),
             _split("Santos Mensah Chen Nowicki Pereira Tran Sharma Okonkwo Silva Marković Lindqvist Duarte")),
    Speakers("ara", "apc", 15, _split("ياسمين عمر ليلى خالد نور سامر هبة أحمد Rima Tarek Hanan Bassel"),
             _split("الحلبي الشامي درويش العلي حمدان سلوم Al-Khatib Kassab Haddad Sabbagh")),
    Speakers("ara", "acm", 5, _split("زينب حسين علي مريم كرار Zahra Mustafa Shahad"),
             _split("الجبوري العبيدي كاظم البصري Al-Saadi Jassim")),
    Speakers("ara", "ary", 3, _split("Fatima Youssef خديجة Amine Salma إدريس"),
             _split("Bennani العلوي Tazi Amrani الفاسي")),
    Speakers("ukr", "", 17, _split("Олена Іван Марія Андрій Наталія Богдан Софія Petro Iryna Taras Oksana"),
             _split("Гончаренко Бойко Ткачук Савченко Лисенко Moroz Hnatiuk Петренко Rudenko")),
    Speakers("rus", "", 3, _split("Анна Сергей Татьяна Igor Vera Дмитрий"),
             _split("Соколова Volkov Зайцева Orlov Ким")),
    Speakers("tur", "", 9, _split("Ayşe Mehmet Zeynep Emre Hatice Burak Gülsüm Çağrı"),
             _split("Yıldız Şahin Güneş Aslan Öztürk Çetin Toprak Doğan")),
    Speakers("fas", "prs", 6, _split("فریده احمد زهرا جاوید مینا Navid Shabana Rahim"),
             _split("رحیمی نوری امیری Hashimi Azizi صدیقی")),
    Speakers("fas", "pes", 4, _split("مریم رضا سارا امیر Nasrin Behrouz"), _split("کریمی حسینی Moradi Ghorbani احمدی")),
    Speakers("kmr", "", 4, _split("Berfîn Rojda Azad Şêrko Zîlan Baran"), _split("Yılmaz Demir Bozan Hesso Şêxo")),
    Speakers("ckb", "", 3, _split("شیلان ئازاد هێرۆ Rebwar Nazanin Karwan"), _split("کەریم حەمە Rasul Mahmud")),
    Speakers("bul", "", 3, _split("Иванка Стоян Мария Georgi Desislava Асен"),
             _split("Димитрова Ангелов Hristova Асенов")),
    Speakers("ron", "", 3, _split("Ioana Andrei Elena Mihai Ștefania Florin"),
             _split("Popa Ionescu Rădulescu Stan Munteanu")),
    Speakers("sqi", "", 2, _split("Arta Besnik Drita Ilir Vjosa"), _split("Gashi Hoxha Berisha Shala")),
    Speakers("tir", "", 3, _split("ሰላም ዮናስ Mihret Filmon ሄለን Senait"), _split("ተስፋይ ገብረመድህን Haile Kidane")),
    Speakers("som", "", 2, _split("Hodan Abdi Ifrah Mahad Sahra"), _split("Warsame Nuur Cali Jaamac")),
    Speakers("fra", "", 2, _split("Aïcha Ibrahima Mariam Jean-Claude Awa"), _split("Diallo Kouassi Traoré Mbala")),
)  # fmt: skip
