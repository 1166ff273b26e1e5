import { join } from "node:path";
import { openDjango } from "../django-process.ts";
import type { Subject } from "../measure.ts";
import { coffeeFile } from "../orm/place.ts";

const requestsAWindow = 80;

/** Django's page without a network around it. */
export const djangoPage: Subject = {
  name: "django (without HTTP)",
  open: () => openDjango(join(import.meta.dirname, "django_page.py"), [coffeeFile(100), import.meta.dirname], requestsAWindow),
};
