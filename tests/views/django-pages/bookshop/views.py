import datetime

from django.contrib import messages
from django.contrib.messages.views import SuccessMessageMixin
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import CreateView, DetailView, FormView, ListView, MonthArchiveView, UpdateView, YearArchiveView

from .forms import BookForm, BookReviews, LoginForm, PasswordForm, ReviewFormset, SearchForm
from .models import Author, Book


class BookList(ListView):
    model = Book
    paginate_by = 3
    paginate_orphans = 0

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        context["page_range"] = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        return context


class BookTable(BookList):
    paginate_by = 1
    template_name = "bookshop/book_table.html"


class BookDetail(DetailView):
    model = Book


class BookCreate(SuccessMessageMixin, CreateView):
    model = Book
    form_class = BookForm
    success_message = "“%(title)s” was added."

    def form_valid(self, form):
        form.instance.added = datetime.datetime(2025, 1, 2, 12, tzinfo=datetime.timezone.utc)
        return super().form_valid(form)


class BookEdit(UpdateView):
    model = Book
    form_class = BookForm


def reviews(request):
    initial = [{"reader": "Ben", "stars": 5, "text": "Fine."}, {"reader": "Carla", "stars": 2, "text": "Too <b>short</b>."}]
    formset = ReviewFormset(request.POST or None, initial=initial)
    if request.method == "POST" and formset.is_valid():
        return redirect("book-list")
    return render(request, "bookshop/reviews.html", {"formset": formset})


def book_reviews(request, slug):
    book = get_object_or_404(Book, slug=slug)
    formset = BookReviews(request.POST or None, instance=book)
    if request.method == "POST" and formset.is_valid():
        formset.save()
        return redirect(book)
    return render(request, "bookshop/reviews.html", {"formset": formset, "book": book})


def languages(request):
    context = {
        "author": Author.objects.get(pk=1),
        "count": int(request.GET.get("count", 3)),
        "day": datetime.date(2024, 3, 5),
    }
    return render(request, "bookshop/languages.html", context)


def show_messages(request):
    messages.set_level(request, messages.DEBUG)
    messages.debug(request, "A detail <for> developers.")
    messages.info(request, "Three credits remain.", extra_tags="safe wide")
    messages.success(request, "Profile details updated.")
    messages.warning(request, "Your account expires in three days.")
    messages.error(request, "Document deleted.")
    return render(request, "bookshop/messages.html")


class BookYear(YearArchiveView):
    model = Book
    date_field = "published"


class BookMonth(MonthArchiveView):
    model = Book
    date_field = "published"


def search(request):
    form = SearchForm(request.GET or None)
    results = None
    if form.is_valid():
        data = form.cleaned_data
        results = Book.objects.filter(Q(title__icontains=data["q"]) | Q(author__name__icontains=data["q"]))
        if data["kind"]:
            results = results.filter(kind__in=data["kind"])
        if data["available"]:
            results = results.filter(available=True)
        results = results.order_by(data["sort"] or "title")
    return render(request, "bookshop/search.html", {"form": form, "results": results})


class Login(FormView):
    form_class = LoginForm
    template_name = "bookshop/login.html"
    success_url = "/"

    def get_context_data(self, **kwargs):
        return super().get_context_data(next=self.request.GET.get("next", ""), **kwargs)


class Password(FormView):
    form_class = PasswordForm
    template_name = "bookshop/password.html"
    success_url = "/"
