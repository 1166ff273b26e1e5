import { defineApp } from "cortado";
import { coffeeAdmin } from "./admin.ts";
import * as forms from "./forms.ts";
import * as models from "./models.ts";

export default defineApp({ name: "homepage", models, forms, admin: [coffeeAdmin], directory: import.meta.dirname });
