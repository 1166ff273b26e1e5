import { defineApp } from "cortado";
import { Author, Book, Review } from "./models.ts";

export const bookshop = defineApp({ name: "bookshop", models: { Author, Book, Review }, directory: import.meta.dirname });
