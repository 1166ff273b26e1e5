"""A Django project in one file: `python3 django_shop.py sqlite:FILE` or `postgres://…` makes its tables and fills them."""
import datetime, decimal, pathlib, sys, tempfile, uuid
from urllib.parse import urlparse
import django
from django.conf import settings

url = sys.argv[1]
if url.startswith("sqlite:"):
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": url[len("sqlite:"):]}
else:
    parts = urlparse(url)
    database = {"ENGINE": "django.db.backends.postgresql", "NAME": parts.path[1:], "HOST": parts.hostname, "PORT": parts.port, "USER": parts.username}
settings.configure(
    SECRET_KEY="x", USE_TZ=True, DATABASES={"default": database}, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.admin", "django.contrib.messages", "shop", "blog"],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
)
SHOP = """
import uuid
from django.contrib.auth.models import User
from django.db import models

class Tag(models.Model):
    label = models.CharField(max_length=20, unique=True)

class Roaster(models.Model):
    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=40)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="roasters")

class Coffee(models.Model):
    name = models.CharField(max_length=30)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    stock = models.PositiveIntegerField(default=0)
    is_ice = models.BooleanField(default=False)
    added = models.DateTimeField()
    roasted = models.DateField(null=True)
    opens = models.TimeField(null=True)
    data = models.JSONField(default=dict)
    roaster = models.ForeignKey(Roaster, models.CASCADE)
    tags = models.ManyToManyField(Tag)
    fans = models.ManyToManyField(User, related_name="favourites")
    class Meta:
        unique_together = [("name", "roaster")]
        indexes = [models.Index(fields=["price", "-added"], name="coffee_price_added")]
"""

BLOG = """
from django.db import models
from shop.models import Coffee

class Post(models.Model):
    title = models.CharField(max_length=50, db_index=True)
    about = models.ForeignKey(Coffee, models.CASCADE, null=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True)
"""

folder = tempfile.mkdtemp()
for name, source in (("shop", SHOP), ("blog", BLOG)):
    package = pathlib.Path(folder, name)
    (package / "migrations").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "migrations" / "__init__.py").touch()
    (package / "models.py").write_text(source)
sys.path.insert(0, folder)
django.setup()

from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from shop.models import Coffee, Roaster, Tag
from blog.models import Post

call_command("makemigrations", verbosity=0)
call_command("migrate", verbosity=0)
anna = User.objects.create_user("anna", "Anna@Example.com", "a secret of anna", first_name="Anna", is_staff=True)
User.objects.create_user("ben", "", "a secret of ben")
User.objects.create_user("carl", "anna@example.com", None)
group = Group.objects.create(name="Baristas")
group.permissions.add(Permission.objects.get(codename="change_coffee"), Permission.objects.get(codename="view_user"))
anna.groups.add(group)
anna.user_permissions.add(Permission.objects.get(codename="delete_post"))
fritz = Roaster.objects.create(key=uuid.UUID("12345678-1234-5678-1234-567812345678"), name="Fritz", owner=anna)
milk, cold = Tag.objects.create(label="milk"), Tag.objects.create(label="cold")
latte = Coffee.objects.create(
    name="Latte", price=decimal.Decimal("4500.50"), stock=7, is_ice=True, data={"a": [1, None]}, roaster=fritz, roasted=datetime.date(2026, 2, 28),
    opens=datetime.time(9, 30), added=datetime.datetime(2026, 3, 1, 10, 20, 30, 456000, tzinfo=datetime.timezone.utc),
)
latte.tags.add(milk, cold)
latte.fans.add(anna)
first = Post.objects.create(title="First", about=latte)
Post.objects.create(title="Second", parent=first)
print("made")
