/** What generic views know of a model and of an address. `npx tsc` is the test: nothing here runs. */
import { reverse } from "cortado";
import type { HttpRequest } from "cortado";
import { type BaseModelForm, emailField, Form, ModelForm } from "cortado/forms";
import { path } from "cortado/http";
import { char, date, foreignKey, integer, manager, Model } from "cortado/orm";
import { createView, deleteView, detailView, feed, formView, listView, type Page, Paginator, redirect, sitemap, updateView, yearArchiveView } from "cortado/views"; // oxfmt-ignore

class Roaster extends Model({ name: char({ maxLength: 30 }) }) {
  static objects = manager(this);
}
class Coffee extends Model({
  name: char({ maxLength: 30 }),
  price: integer(),
  added: date(),
  roaster: () => foreignKey(Roaster, { onDelete: "cascade" }),
}) {
  static objects = manager(this);
}
class CoffeeForm extends ModelForm(Coffee, { fields: ["name", "price"] }) {
  extra = 1;
}
class Contact extends Form({ email: emailField() }) {}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<_T extends true>(): void {}

export const urls = [
  path(
    "<int:year>/<slug:name>/",
    listView(Coffee, {
      queryset({ params, request }) {
        expectType<Equal<typeof params.year, number>>();
        expectType<Equal<typeof request, HttpRequest>>();
        return Coffee.objects.filter({ name: params.name, price: { gt: params.year } });
      },
      async context({ rows, page }) {
        expectType<Equal<Awaited<typeof rows>, readonly Coffee[]>>();
        return { first: (await rows)[0]?.price.toFixed(), next: page?.hasNext };
      },
      // @ts-expect-error -- the address has no such parameter
      paginateBy: ({ params }) => params.size,
    }),
  ),
  path(
    "<int:id>/",
    detailView(Coffee, { context: ({ object }) => ({ twice: object.price * 2 }), json: (coffee) => coffee.name }),
  ),
  // @ts-expect-error -- the row has no such field
  path("<int:id>/wrong/", detailView(Coffee, { context: ({ object }) => ({ x: object.prize }) })),
  path(
    "add/",
    createView(Coffee, {
      fields: ["name", "roaster"],
      formValid(form, { object, proceed }) {
        expectType<Equal<typeof object, Coffee | undefined>>();
        form.instance.price = 3;
        return proceed();
      },
      successUrl: ({ object }) => `/${object.price}/`,
    }),
  ),
  // @ts-expect-error -- the model has no such field
  path("add/wrong/", createView(Coffee, { fields: ["prize"] })),
  path(
    "<int:pk>/edit/",
    updateView(Coffee, {
      formClass: CoffeeForm,
      formValid(form, { object }) {
        expectType<Equal<typeof object, Coffee>>();
        expectType<Equal<typeof form, CoffeeForm>>();
        return void form.extra.toFixed();
      },
    }),
  ),
  path("<int:pk>/delete/", deleteView(Coffee, { successUrl: "/", successMessage: ({ object }) => object.name })),
  // @ts-expect-error -- there is nowhere to go afterwards
  path("<int:pk>/delete/wrong/", deleteView(Coffee, {})),
  path(
    "contact/",
    formView(Contact, { templateName: "c.html", successUrl: "/", formValid: (form) => form.cleanedData.email.trim() }),
  ),
  path("<int:year>/", yearArchiveView(Coffee, { dateField: "added", makeObjectList: true })),
  // @ts-expect-error -- an archive goes by a field
  path("archive/", yearArchiveView(Coffee, {})),
  path(
    "<str:word>/feed/",
    feed({
      title: ({ params }) => params.word,
      link: "/",
      items: () => Coffee.objects.all(),
      item: (coffee) => ({ title: coffee.name, link: `/${coffee.id}/`, published: coffee.added }),
    }),
  ),
  path(
    "sitemap.xml",
    sitemap({
      coffee: {
        items: () => Coffee.objects.all(),
        location: ({ id }) => `/${id.toFixed()}/`,
        lastModified: ({ added }) => added,
      },
      words: { items: ["a", "b"], location: (word) => `/${word.trim()}/` },
    }),
  ),
];

export async function pages(): Promise<void> {
  const paginator = await Paginator.of(Coffee.objects.all(), 10);
  const page = await paginator.getPage("1");
  expectType<Equal<typeof page, Page<Coffee>>>();
  for (const coffee of page) coffee.price.toFixed();
  redirect("/x/", { permanent: true, preserveRequest: true });
  redirect("admin:app", { app: "shop" }, { permanent: true });
  // @ts-expect-error -- no address has this name
  redirect("coffe");
  redirect(reverse("coffee"));
  // @ts-expect-error -- nor this one, though the project includes the API, whose addresses have no names
  reverse("api:models");
  redirect({ getAbsoluteUrl: () => "/" }, { query: { page: 2, tag: ["a", "b"] } });
  expectType<Equal<CoffeeForm extends BaseModelForm ? true : false, true>>();
}
