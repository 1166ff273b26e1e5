import { defineApp } from "cortado";
import * as handlers from "./handlers.ts";

export default defineApp({ name: "digits", handlers, directory: import.meta.dirname });
