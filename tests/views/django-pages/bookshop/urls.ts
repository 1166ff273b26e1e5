import { path } from "cortado";
import { setLanguage } from "cortado/http";
import { bookCreate, bookDetail, bookEdit, bookList, bookMonth, bookReviews, bookTable, bookYear, languages, login, password, reviews, search, showMessages } from "./views.ts"; // oxfmt-ignore

export const urls = [
  path("", bookList, { name: "book-list" }),
  path("table/", bookTable, { name: "book-table" }),
  path("add/", bookCreate, { name: "book-add" }),
  path("books/<slug:slug>/", bookDetail, { name: "book-detail" }),
  path("books/<slug:slug>/edit/", bookEdit, { name: "book-edit" }),
  path("books/<slug:slug>/reviews/", bookReviews, { name: "book-reviews" }),
  path("reviews/", reviews, { name: "reviews" }),
  path("languages/", languages, { name: "languages" }),
  path("i18n/setlang/", setLanguage, { name: "set_language" }),
  path("messages/", showMessages, { name: "messages" }),
  path("<int:year>/", bookYear, { name: "year" }),
  path("<int:year>/<str:month>/", bookMonth, { name: "month" }),
  path("search/", search, { name: "search" }),
  path("login/", login, { name: "login" }),
  path("password/", password, { name: "password" }),
];
