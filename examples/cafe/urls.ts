import { include, path } from "cortado";
import { admin } from "cortado/admin";
import { api } from "cortado/api";
import { setLanguage } from "cortado/http";
import { digitsView } from "./digits/views.ts";
import { coffeeView, index } from "./homepage/views.ts";
import { penguinsView } from "./penguins/views.ts";

export const urls = [
  path("", index, { name: "index" }),
  path("coffee/", coffeeView, { name: "coffee" }),
  path("penguins/", penguinsView, { name: "penguins" }),
  path("digits/", digitsView, { name: "digits" }),
  path("language/", setLanguage, { name: "set-language" }),
  path("admin/", admin.urls),
  path("api/", include(api.urls)),
];

declare module "cortado" {
  interface Register {
    urls: typeof urls;
  }
}
