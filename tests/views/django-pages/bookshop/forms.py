from django import forms

from .models import Book, Review


class BookForm(forms.ModelForm):
    class Meta:
        model = Book
        fields = ["title", "slug", "author", "kind", "price", "pages", "published", "available", "summary"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 3, "class": "wide"})}


class ReviewForm(forms.Form):
    reader = forms.CharField(max_length=30)
    stars = forms.IntegerField(min_value=1, max_value=5)
    text = forms.CharField(required=False, widget=forms.Textarea)


ReviewFormset = forms.formset_factory(ReviewForm, extra=2, can_delete=True)
BookReviews = forms.inlineformset_factory(
    Book, Review, fields=["reader", "stars", "text"], extra=1
)


class SearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=50, label="Search for")
    kind = forms.MultipleChoiceField(required=False, choices=Book.KINDS, widget=forms.CheckboxSelectMultiple)
    sort = forms.ChoiceField(required=False, choices=[("", "by title"), ("price", "cheapest first"), ("-price", "dearest first")])
    available = forms.BooleanField(required=False)


class LoginForm(forms.Form):
    username = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"}))
    password = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def clean(self):
        raise forms.ValidationError("Please enter a correct username and password.", code="invalid_login")


class PasswordForm(forms.Form):
    old = forms.CharField(label="Old password", widget=forms.PasswordInput)
    new = forms.CharField(label="New password", min_length=8, widget=forms.PasswordInput, help_text="At least 8 characters.")
    again = forms.CharField(label="New password, again", widget=forms.PasswordInput)

    def clean(self):
        data = super().clean()
        if data.get("new") != data.get("again"):
            self.add_error("again", "The passwords differ.")
        return data
