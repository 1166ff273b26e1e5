import { include, path } from "cortado";
import { admin } from "cortado/admin";
import { api } from "cortado/api";

export const urls = [
  // path("", index, { name: "index" }),
  path("admin/", admin.urls),
  path("api/", include(api.urls)),
];

declare module "cortado" {
  interface Register {
    urls: typeof urls;
  }
}
