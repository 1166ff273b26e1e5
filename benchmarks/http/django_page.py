"""The page of the http suite in Django: answers each line of its input with the CPU microseconds of that many requests.

There is no network in it: the figure is what Django itself spends between a WSGI call and the bytes of its answer.
"""

import io
import sys
import time

import django
from django.conf import settings

database, templates = sys.argv[1:3]
settings.configure(
    SECRET_KEY="a key for benchmarks",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database, "CONN_MAX_AGE": None}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.messages"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [templates],
        "OPTIONS": {"context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]},
    }],
)
django.setup()

from django.core.handlers.wsgi import WSGIHandler
from django.db import models
from django.shortcuts import render
from django.urls import path


class Coffee(models.Model):
    name = models.CharField(max_length=40)
    price = models.IntegerField()
    is_ice = models.BooleanField()
    origin = models.CharField(max_length=2, null=True)

    class Meta:
        app_label = "bench"
        db_table = "bench_coffee"
        ordering = ["id"]


def coffees(request):
    return render(request, "page.html", {"coffee_list": Coffee.objects.all()})


urlpatterns = [path("coffee/", coffees)]
application = WSGIHandler()


def ask():
    answer = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/coffee/", "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
    }
    response = application(environ, lambda status, headers: answer.append(status))
    body = b"".join(response)
    response.close()
    if answer != ["200 OK"] or b"Coffee &lt;99&gt;" not in body:
        raise SystemExit(f"Django answered {answer}")


for line in sys.stdin:
    started = time.process_time()
    for _ in range(int(line)):
        ask()
    print((time.process_time() - started) * 1e6 / int(line), flush=True)
