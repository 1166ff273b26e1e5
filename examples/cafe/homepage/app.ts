import { defineApp } from "cortado";
import { coffeeAdmin } from "./admin.ts";
import * as models from "./models.ts";

export default defineApp({ name: "homepage", models, admin: [coffeeAdmin], directory: import.meta.dirname });
