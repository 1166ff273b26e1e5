import { defineApp } from "cortado";
import { penguinAdmin } from "./admin.ts";
import * as handlers from "./handlers.ts";
import * as models from "./models.ts";

export default defineApp({ name: "penguins", models, handlers, admin: [penguinAdmin], directory: import.meta.dirname });
