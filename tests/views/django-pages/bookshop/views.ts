import { type HttpRequest, render } from "cortado";
import { Q } from "cortado/orm";
import { Temporal } from "cortado/validation";
import { createView, detailView, formView, getObjectOr404, type ListCall, listView, monthArchiveView, Page, updateView, yearArchiveView } from "cortado/views"; // oxfmt-ignore
import { BookForm, BookReviews, LoginForm, PasswordForm, ReviewFormset, SearchForm } from "./forms.ts";
import { Author, Book } from "./models.ts";
import { redirect } from "../../../any-address.ts";

const context = ({ page }: ListCall<Book>) => ({
  page_range: page instanceof Page ? page.elidedPageRange({ onEachSide: 1, onEnds: 1 }) : [],
});

export const bookList = listView(Book, { paginateBy: 3, context });
export const bookTable = listView(Book, { paginateBy: 1, context, templateName: "bookshop/book_table.html" });
export const bookDetail = detailView(Book);

export const bookCreate = createView(Book, {
  formClass: BookForm,
  successMessage: "“{title}” was added.",
  formValid(form) {
    form.instance.added = new Date("2025-01-02T12:00:00Z");
  },
});
export const bookEdit = updateView(Book, { formClass: BookForm });

export async function reviews(request: HttpRequest) {
  const initial = [
    { reader: "Ben", stars: 5, text: "Fine." },
    { reader: "Carla", stars: 2, text: "Too <b>short</b>." },
  ];
  const formset = await ReviewFormset.from(request, { initial });
  if (await formset.isValid()) return redirect("book-list");
  return render(request, "bookshop/reviews.html", { formset });
}

export async function bookReviews(request: HttpRequest, { slug }: { slug: string }) {
  const book = await getObjectOr404(Book, { slug });
  const formset = await BookReviews.from(request, book);
  if (await formset.isValid()) {
    await formset.save();
    return redirect(book);
  }
  return render(request, "bookshop/reviews.html", { formset, book });
}

export async function languages(request: HttpRequest) {
  return render(request, "bookshop/languages.html", {
    author: await Author.objects.get({ id: 1 }),
    count: Number(request.query.get("count") ?? 3),
    day: Temporal.PlainDate.from("2024-03-05"),
  });
}

export function showMessages(request: HttpRequest) {
  const { messages } = request;
  messages.level = "debug";
  messages.debug("A detail <for> developers.");
  messages.info("Three credits remain.", { extraTags: "safe wide" });
  messages.success("Profile details updated.");
  messages.warning("Your account expires in three days.");
  messages.error("Document deleted.");
  return render(request, "bookshop/messages.html");
}

export const bookYear = yearArchiveView(Book, { dateField: "published" });
export const bookMonth = monthArchiveView(Book, { dateField: "published" });

export async function search(request: HttpRequest) {
  const form = new SearchForm(request.query.size > 0 ? { data: request.query } : {});
  let results = null;
  if (await form.isValid()) {
    const { q, kind, sort, available } = form.cleanedData;
    let found = Book.objects.filter(Q.or({ title: { icontains: q } }, { author: { name: { icontains: q } } }));
    if (kind.length > 0) found = found.filter({ kind: { in: kind as never } });
    if (available) found = found.filter({ available: true });
    results = { rows: found.orderBy((sort || "title") as "title") };
  }
  return render(request, "bookshop/search.html", { form, results: results?.rows ?? null });
}

export const login = formView(LoginForm, {
  templateName: "bookshop/login.html",
  successUrl: "/",
  context: ({ request }) => ({ next: request.query.get("next") ?? "" }),
});
export const password = formView(PasswordForm, { templateName: "bookshop/password.html", successUrl: "/" });
