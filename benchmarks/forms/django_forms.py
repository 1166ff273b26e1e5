"""The form of the forms suite in Django: answers each line of its input with the CPU microseconds of that many turns.

Its argument is the case: `render` draws the empty form as paragraphs, `clean` validates a filled one.
"""

import sys
import time

import django
from django.conf import settings

settings.configure(USE_I18N=False)
django.setup()

from django import forms


class Order(forms.Form):
    name = forms.CharField(max_length=80)
    email = forms.EmailField()
    age = forms.IntegerField(min_value=0)
    size = forms.ChoiceField(choices=[("s", "Small"), ("m", "Middle"), ("l", "Large")])
    ice = forms.BooleanField(required=False)
    day = forms.DateField()
    price = forms.DecimalField(max_digits=6, decimal_places=2)
    site = forms.URLField(required=False, assume_scheme="https")
    note = forms.CharField(widget=forms.Textarea, required=False, help_text="Say it.")
    code = forms.CharField(required=False)


answers = {
    "name": "Ada", "email": "ada@example.com", "age": "36", "size": "m", "ice": "on", "day": "2026-01-02", "price": "12.50",
    "site": "https://example.com/", "note": "x", "code": "y",
}


def render():
    if 'name="price"' not in Order().as_p():
        raise SystemExit("Django draws something else")


def clean():
    if not Order(answers).is_valid():
        raise SystemExit("Django refuses the answers")


turn = {"render": render, "clean": clean}[sys.argv[1]]
for line in sys.stdin:
    started = time.process_time()
    for _ in range(int(line)):
        turn()
    print((time.process_time() - started) * 1e6 / int(line), flush=True)
