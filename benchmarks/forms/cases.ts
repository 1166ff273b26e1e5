import { join } from "node:path";
import {
  booleanField,
  charField,
  choiceField,
  dateField,
  decimalField,
  emailField,
  Form,
  integerField,
  textarea,
  urlField,
} from "cortado/forms";
import { openDjango } from "../django-process.ts";
import type { Case, Subject } from "../measure.ts";

class Order extends Form({
  name: charField({ maxLength: 80 }),
  email: emailField(),
  age: integerField({ minValue: 0 }),
  size: choiceField({ choices: { s: "Small", m: "Middle", l: "Large" } }),
  ice: booleanField({ required: false }),
  day: dateField(),
  price: decimalField({ maxDigits: 6, decimalPlaces: 2 }),
  site: urlField({ required: false }),
  note: charField({ widget: textarea, required: false, helpText: "Say it." }),
  code: charField({ required: false }),
}) {}

const answers = {
  name: "Ada",
  email: "ada@example.com",
  age: "36",
  size: "m",
  ice: "on",
  day: "2026-01-02",
  price: "12.50",
  site: "https://example.com/",
  note: "x",
  code: "y",
};

const turns = {
  async render() {
    if (!String(await new Order().asP).includes('name="price"')) throw new Error("draws something else");
  },
  async clean() {
    if (!(await new Order({ data: answers }).isValid())) throw new Error("refuses the answers");
  },
};

const cortado = (name: keyof typeof turns): Subject => ({
  name: "cortado",
  open: async () => ({
    async run(n) {
      for (let i = 0; i < n; i++) await turns[name]();
    },
  }),
});

const django = (name: keyof typeof turns): Subject => ({
  name: "django",
  open: () => openDjango(join(import.meta.dirname, "django_forms.py"), [name], 200),
});

const caseOf = (name: keyof typeof turns, bar: number): Case => ({
  name,
  unit: "us",
  bar,
  reference: "django",
  subjects: [cortado(name), django(name)],
});

/** A form of ten fields, drawn empty and validated filled. */
export const cases: readonly Case[] = [caseOf("render", 0.1), caseOf("clean", 0.2)];
