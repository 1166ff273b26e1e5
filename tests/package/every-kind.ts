// One of each thing that a project declares, exported, so that a compiler must be able to write every type down.
import { defineApp, path, include, type HttpRequest } from "cortado";
import { modelAdmin } from "cortado/admin";
import { AbstractUser, userManager } from "cortado/auth";
import { formset, Form, inlineFormset, ModelForm, charField, emailField, textarea, modelChoiceField } from "cortado/forms";
import {
  boolean,
  char,
  date,
  dateTime,
  decimal,
  foreignKey,
  json,
  manager,
  manyToMany,
  Model,
  oneToOne,
  related,
  time,
  uuid,
  bigInteger,
  float,
} from "cortado/orm";
import { array, dateRange, hstore, integerRange, tsvector } from "cortado/orm/postgres";
import { tabular } from "cortado/registry";
import { handler, tensor } from "cortado/serving";
import { detailView, listView } from "cortado/views";
import { z } from "zod";

export class User extends AbstractUser({ nickname: char({ maxLength: 20, default: "" }) }) {
  static objects = userManager(this);
}
export class Tag extends Model({ name: char({ maxLength: 30 }) }) {
  static objects = manager(this);
}
export class Roaster extends Model({
  name: char({ maxLength: 80 }),
  country: char({ maxLength: 2, choices: { KR: "Korea", ET: "Ethiopia" } }),
  coffees: () => related(Coffee, "roaster"),
}) {
  static objects = manager(this);
}
export class Coffee extends Model(
  {
    name: char({ maxLength: 30, default: "" }),
    price: decimal({ maxDigits: 6, decimalPlaces: 2 }),
    code: uuid(),
    born: date({ null: true }),
    at: time({ null: true }),
    seen: dateTime({ autoNow: true }),
    extra: json({ null: true }),
    n: bigInteger({ default: 0n }),
    f: float({ null: true }),
    isIce: boolean({ default: false }),
    roaster: () => foreignKey(Roaster, { onDelete: "protect", null: true }),
    owner: () => oneToOne(User, { onDelete: "cascade" }),
    tags: () => manyToMany(Tag),
  },
  { ordering: ["-price"], load: ["roaster"] },
) {
  static objects = manager(this);
}
export class Offer extends Model({
  tags: array(char({ maxLength: 20 })),
  ages: integerRange({ null: true }),
  stay: dateRange(),
  labels: hstore({ default: () => ({}) }),
  words: tsvector({ null: true }),
}) {
  static objects = manager(this);
}
export const tagged = Offer.objects.filter({ tags: { contains: ["hot"], len: 1 }, ages: { contains: 5 } });
export const cheap = Coffee.objects.filter({ roaster: { country: "KR" } }).orderBy("name");
export const loaded = Coffee.objects.all().with("roaster");
export const counted = Roaster.objects.annotate((r) => ({ n: r.coffees.count() }));
export class CoffeeForm extends ModelForm(Coffee, { fields: ["name", "price", "roaster"] }) {}
export class Contact extends Form({
  email: emailField(),
  message: charField({ widget: textarea() }),
  roaster: modelChoiceField({ queryset: Roaster.objects.all() }),
}) {}
export const Rows = formset(CoffeeForm, { extra: 2 });
export const Inline = inlineFormset(Roaster, Coffee, { fields: ["name"] });
export const roasterAdmin = modelAdmin(Roaster, { listDisplay: ["name", "country"], searchFields: ["name"] });
export const digits = handler({
  name: "digits",
  source: "file:m",
  input: z.object({ pixels: z.array(z.number()) }),
  output: z.object({ digit: z.number() }),
  preprocess: ({ pixels }) => ({ image: tensor("float32", pixels, [784]) }),
  postprocess: ({ scores }) => ({ digit: scores!.shape.length }),
});
export const price = handler({
  name: "price",
  train: tabular({ rows: () => Coffee.objects.all(), target: "price", features: ["name"] }),
});
export const urls = [
  path("a/", listView(Coffee)),
  path("b/<int:pk>/", detailView(Coffee), { name: "b" }),
  path("c/", include([path("<slug:x>/", (request: HttpRequest, { x }: { x: string }) => x)])),
];
export const app = defineApp({
  name: "rich",
  models: { Coffee, Roaster, Tag },
  handlers: { digits, price },
  admin: [roasterAdmin],
});
export const answer = async () => ({
  a: await digits.predict({ pixels: [] }),
  b: await cheap,
  c: await loaded,
  d: await counted,
});
export const twice = (coffee: Coffee) => coffee.price.times(2).toFixed(2);
