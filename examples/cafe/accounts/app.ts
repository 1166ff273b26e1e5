import { defineApp } from "cortado";
import * as models from "./models.ts";

export default defineApp({ name: "accounts", models, directory: import.meta.dirname });
