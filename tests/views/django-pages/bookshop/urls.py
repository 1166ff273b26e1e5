from django.urls import path
from django.views.i18n import set_language

from . import views

urlpatterns = [
    path("", views.BookList.as_view(), name="book-list"),
    path("table/", views.BookTable.as_view(), name="book-table"),
    path("add/", views.BookCreate.as_view(), name="book-add"),
    path("books/<slug:slug>/", views.BookDetail.as_view(), name="book-detail"),
    path("books/<slug:slug>/edit/", views.BookEdit.as_view(), name="book-edit"),
    path("books/<slug:slug>/reviews/", views.book_reviews, name="book-reviews"),
    path("reviews/", views.reviews, name="reviews"),
    path("languages/", views.languages, name="languages"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("messages/", views.show_messages, name="messages"),
    path("<int:year>/", views.BookYear.as_view(), name="year"),
    path("<int:year>/<str:month>/", views.BookMonth.as_view(), name="month"),
    path("search/", views.search, name="search"),
    path("login/", views.Login.as_view(), name="login"),
    path("password/", views.Password.as_view(), name="password"),
]
