"""Renders the pages of the bookshop with the Django that is installed, and prints them as JSON."""
import json
import struct
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here))
sys.dont_write_bytecode = True

import django
from django.conf import settings

settings.configure(
    DEBUG=False,
    SECRET_KEY="x" * 50,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="bookshop.urls",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "bookshop",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    STATIC_URL="/static/",
    LANGUAGE_CODE="en",
    LANGUAGES=[("en", "English"), ("de", "German"), ("ar", "Arabic")],
    USE_I18N=True,
    USE_L10N=True,
    USE_TZ=True,
    TIME_ZONE="Europe/Berlin",
    LOCALE_PATHS=[sys.argv[1]] if len(sys.argv) > 1 else [],
)


def compile_catalogue(target):
    """What msgfmt does, so that it need not be installed: the texts of the .po file as a .mo file."""
    source = (here / "bookshop/locale/de/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    texts = {}
    for entry in source.split("\n\n"):
        parts = {}
        key = None
        for line in entry.splitlines():
            if line.startswith("#"):
                continue
            if not line.startswith('"'):
                key, line = line.split(" ", 1)
            parts[key] = parts.get(key, "") + json.loads(line)
        name = parts["msgid"] + ("\0" + parts["msgid_plural"] if "msgid_plural" in parts else "")
        if "msgctxt" in parts:
            name = parts["msgctxt"] + "\4" + name
        texts[name] = parts.get("msgstr") or "\0".join(parts.get(f"msgstr[{n}]", "") for n in range(2)).rstrip("\0")
    keys = sorted(texts, key=lambda key: key.encode())
    data, ids, strings = b"", [], []
    for kind, into in ((lambda key: key, ids), (lambda key: texts[key], strings)):
        for key in keys:
            raw = kind(key).encode()
            into.append((len(raw), len(data)))
            data += raw + b"\0"
    start = 28 + 16 * len(keys)
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    table = b"".join(struct.pack("<2I", size, start + at) for size, at in ids + strings)
    folder = Path(target) / "de/LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.mo").write_bytes(head + table + data)


if len(sys.argv) > 1:
    compile_catalogue(sys.argv[1])
django.setup()

from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from django.utils.dateparse import parse_date, parse_datetime

from bookshop.models import Author, Book, Review

setup_test_environment()
call_command("migrate", run_syncdb=True, verbosity=0)
rows = json.loads((here / "rows.json").read_text(encoding="utf-8"))
for row in rows["authors"]:
    Author.objects.create(**{**row, "born": parse_date(row["born"])})
for row in rows["books"]:
    Book.objects.create(**{**row, "published": parse_date(row["published"]), "added": parse_datetime(row["added"])})
for row in rows["reviews"]:
    Review.objects.create(**row)

pages = {}
for asked in json.loads((here / "requests.json").read_text(encoding="utf-8")):
    since = tuple(int(part) for part in asked.get("since", "1.0").split("."))
    if django.VERSION[:2] < since:
        continue
    client = Client(HTTP_ACCEPT_LANGUAGE=asked.get("language", "en"), raise_request_exception=True)
    if "data" in asked:
        response = client.post(asked["url"], asked["data"], follow=True)
    else:
        response = client.get(asked["url"])
    body = "" if asked.get("statusOnly") else response.content.decode()
    pages[asked["name"]] = {"status": response.status_code, "body": body}
print(json.dumps({"version": django.get_version(), "pages": pages}))
