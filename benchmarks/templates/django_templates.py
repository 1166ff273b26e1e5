"""A template of the templates suite in Django: answers each line of its input with the CPU microseconds of that many renders.

Its arguments are the folder of the templates, the name of one, and a JSON file with its context and the text that must come out.
"""

import json
import sys
import time

import django
from django.conf import settings

folder, name, given = sys.argv[1:4]
settings.configure(
    USE_I18N=False,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [folder]}],
)
django.setup()

from django.template.loader import get_template

with open(given, encoding="utf-8") as file:
    context, wanted = json.load(file)
template = get_template(name)
if template.render(context).replace("&#39;", "&#x27;") != wanted:
    raise SystemExit("Django renders something else")

for line in sys.stdin:
    started = time.process_time()
    for _ in range(int(line)):
        template.render(context)
    print((time.process_time() - started) * 1e6 / int(line), flush=True)
