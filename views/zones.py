"""Time zones people are likely to live in, by region; whoever lives elsewhere is offered their own as well."""

Zones = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

# (places to search for, IANA zone), from west to east.
_AMERICA = (
    ("Honolulu", "Pacific/Honolulu"),
    ("Anchorage", "America/Anchorage"),
    ("Los Angeles, Seattle", "America/Los_Angeles"),
    ("Vancouver", "America/Vancouver"),
    ("Tijuana", "America/Tijuana"),
    ("Phoenix", "America/Phoenix"),
    ("Denver", "America/Denver"),
    ("Edmonton, Calgary", "America/Edmonton"),
    ("Chicago, Dallas", "America/Chicago"),
    ("Winnipeg", "America/Winnipeg"),
    ("Mexico City", "America/Mexico_City"),
    ("Costa Rica", "America/Costa_Rica"),
    ("Guatemala", "America/Guatemala"),
    ("New York, Washington", "America/New_York"),
    ("Toronto, Montreal", "America/Toronto"),
    ("Havana", "America/Havana"),
    ("Panama", "America/Panama"),
    ("Bogotá", "America/Bogota"),
    ("Lima", "America/Lima"),
    ("Guayaquil, Quito", "America/Guayaquil"),
    ("Halifax", "America/Halifax"),
    ("Caracas", "America/Caracas"),
    ("La Paz", "America/La_Paz"),
    ("Puerto Rico", "America/Puerto_Rico"),
    ("Santo Domingo", "America/Santo_Domingo"),
    ("Santiago", "America/Santiago"),
    ("St. John's", "America/St_Johns"),
    ("Asunción", "America/Asuncion"),
    ("Buenos Aires", "America/Argentina/Buenos_Aires"),
    ("Montevideo", "America/Montevideo"),
    ("São Paulo, Rio de Janeiro", "America/Sao_Paulo"),
)
_EUROPE = (
    ("Azores", "Atlantic/Azores"),
    ("Reykjavik", "Atlantic/Reykjavik"),
    ("Dublin", "Europe/Dublin"),
    ("Lisbon", "Europe/Lisbon"),
    ("London, Edinburgh", "Europe/London"),
    ("Canary Islands", "Atlantic/Canary"),
    ("Amsterdam", "Europe/Amsterdam"),
    ("Belgrade", "Europe/Belgrade"),
    ("Berlin, Hamburg, Munich", "Europe/Berlin"),
    ("Bratislava", "Europe/Bratislava"),
    ("Brussels", "Europe/Brussels"),
    ("Budapest", "Europe/Budapest"),
    ("Copenhagen", "Europe/Copenhagen"),
    ("Ljubljana", "Europe/Ljubljana"),
    ("Luxembourg", "Europe/Luxembourg"),
    ("Madrid, Barcelona", "Europe/Madrid"),
    ("Malta", "Europe/Malta"),
    ("Oslo", "Europe/Oslo"),
    ("Paris", "Europe/Paris"),
    ("Prague", "Europe/Prague"),
    ("Rome, Milan", "Europe/Rome"),
    ("Stockholm", "Europe/Stockholm"),
    ("Tirana", "Europe/Tirane"),
    ("Vienna", "Europe/Vienna"),
    ("Warsaw", "Europe/Warsaw"),
    ("Zagreb", "Europe/Zagreb"),
    ("Zurich, Geneva", "Europe/Zurich"),
    ("Athens", "Europe/Athens"),
    ("Bucharest", "Europe/Bucharest"),
    ("Chișinău", "Europe/Chisinau"),
    ("Helsinki", "Europe/Helsinki"),
    ("Kyiv", "Europe/Kyiv"),
    ("Riga", "Europe/Riga"),
    ("Sofia", "Europe/Sofia"),
    ("Tallinn", "Europe/Tallinn"),
    ("Vilnius", "Europe/Vilnius"),
    ("Istanbul", "Europe/Istanbul"),
    ("Minsk", "Europe/Minsk"),
    ("Moscow", "Europe/Moscow"),
)
_AFRICA = (
    ("Casablanca", "Africa/Casablanca"),
    ("Accra", "Africa/Accra"),
    ("Dakar", "Africa/Dakar"),
    ("Abidjan", "Africa/Abidjan"),
    ("Algiers", "Africa/Algiers"),
    ("Lagos", "Africa/Lagos"),
    ("Tunis", "Africa/Tunis"),
    ("Cairo", "Africa/Cairo"),
    ("Harare", "Africa/Harare"),
    ("Johannesburg, Cape Town", "Africa/Johannesburg"),
    ("Kigali", "Africa/Kigali"),
    ("Addis Ababa", "Africa/Addis_Ababa"),
    ("Kampala", "Africa/Kampala"),
    ("Nairobi", "Africa/Nairobi"),
)
_ASIA = (
    ("Beirut", "Asia/Beirut"),
    ("Jerusalem, Tel Aviv", "Asia/Jerusalem"),
    ("Amman", "Asia/Amman"),
    ("Baghdad", "Asia/Baghdad"),
    ("Riyadh", "Asia/Riyadh"),
    ("Tehran", "Asia/Tehran"),
    ("Dubai", "Asia/Dubai"),
    ("Tbilisi", "Asia/Tbilisi"),
    ("Yerevan", "Asia/Yerevan"),
    ("Baku", "Asia/Baku"),
    ("Kabul", "Asia/Kabul"),
    ("Karachi", "Asia/Karachi"),
    ("Tashkent", "Asia/Tashkent"),
    ("Almaty", "Asia/Almaty"),
    ("Kolkata, Mumbai, Delhi, Bengaluru", "Asia/Kolkata"),
    ("Colombo", "Asia/Colombo"),
    ("Kathmandu", "Asia/Kathmandu"),
    ("Dhaka", "Asia/Dhaka"),
    ("Yangon", "Asia/Yangon"),
    ("Bangkok", "Asia/Bangkok"),
    ("Ho Chi Minh City", "Asia/Ho_Chi_Minh"),
    ("Jakarta", "Asia/Jakarta"),
    ("Hong Kong", "Asia/Hong_Kong"),
    ("Kuala Lumpur", "Asia/Kuala_Lumpur"),
    ("Manila", "Asia/Manila"),
    ("Shanghai, Beijing", "Asia/Shanghai"),
    ("Singapore", "Asia/Singapore"),
    ("Taipei", "Asia/Taipei"),
    ("Seoul", "Asia/Seoul"),
    ("Tokyo", "Asia/Tokyo"),
)
_PACIFIC = (
    ("Perth", "Australia/Perth"),
    ("Darwin", "Australia/Darwin"),
    ("Adelaide", "Australia/Adelaide"),
    ("Brisbane", "Australia/Brisbane"),
    ("Sydney, Canberra", "Australia/Sydney"),
    ("Melbourne", "Australia/Melbourne"),
    ("Hobart", "Australia/Hobart"),
    ("Port Moresby", "Pacific/Port_Moresby"),
    ("Auckland, Wellington", "Pacific/Auckland"),
    ("Fiji", "Pacific/Fiji"),
    ("Tonga", "Pacific/Tongatapu"),
    ("Samoa", "Pacific/Apia"),
)
_COMMON: Zones = (
    ("Americas", _AMERICA),
    ("Europe", _EUROPE),
    ("Africa", _AFRICA),
    ("Asia", _ASIA),
    ("Australia and Pacific", _PACIFIC),
    ("No place", (("UTC", "UTC"),)),
)
_PLACES = {zone: place for _, zones in _COMMON for place, zone in zones}


def zone_choices(*own: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of (text, zone) for a select, with zones of `own` that are not common ones in front."""
    missing = [zone for zone in dict.fromkeys(own) if zone not in _PLACES]
    first = [("Yours", [(zone, zone) for zone in missing])] if missing else []
    groups = [(region, [(_text(place, zone), zone) for place, zone in zones]) for region, zones in _COMMON]
    return first + groups


def _text(place: str, zone: str) -> str:
    return zone if place == zone else f"{place} ({zone})"


def place_of(zone: str) -> str:
    """What people call a zone: "London" for `Europe/London`."""
    known = _PLACES.get(zone)
    return known.split(",")[0] if known else zone.rpartition("/")[2].replace("_", " ")
