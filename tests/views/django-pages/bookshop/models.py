from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse


class Author(models.Model):
    name = models.CharField(max_length=60)
    born = models.DateField()
    bio = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Book(models.Model):
    KINDS = [("essay", "Essay"), ("novel", "Novel"), ("guide", "Travel guide")]

    title = models.CharField(max_length=80, help_text="As on the cover.")
    slug = models.SlugField(unique=True)
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")
    kind = models.CharField(max_length=10, choices=KINDS, default="essay")
    price = models.DecimalField(max_digits=8, decimal_places=2)
    pages = models.PositiveIntegerField("number of pages", default=0)
    published = models.DateField()
    added = models.DateTimeField(editable=False)
    available = models.BooleanField(default=True)
    rating = models.FloatField(null=True, editable=False)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ["kind", "title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("book-detail", kwargs={"slug": self.slug})


class Review(models.Model):
    book = models.ForeignKey(Book, models.CASCADE, related_name="reviews")
    reader = models.CharField(max_length=30)
    stars = models.IntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.reader
