import { defineProject } from "cortado";
import { bookshop } from "./bookshop/app.ts";
import { urls } from "./bookshop/urls.ts";

export default defineProject({
  apps: [bookshop],
  urls,
  secretKey: "a secret key that is long enough for a test",
  allowedHosts: ["*"],
  languages: { en: "English", de: "German", ar: "Arabic" },
  timeZone: "Europe/Berlin",
  mode: "test",
});
