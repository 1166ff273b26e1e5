import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import { isGiven } from "./sampling-item.ts";

/** What a handler with `task: "rerank"` is asked: how well a text answers a question. */
export interface RerankItem {
  query: string;
  document: string;
}

/** What is to be ranked, and how much of it is to be told. */
export interface RerankWanted {
  items: readonly RerankItem[];
  /** How many of the best are told. */
  most: number;
  withDocuments: boolean;
}

/** The most texts of one request. */
const MOST_DOCUMENTS = 2048;

/** What would change the order, and is the model's own matter here. */
const ownMatters = ["rank_fields", "max_tokens_per_doc", "max_chunks_per_doc", "truncate_prompt_tokens"];

const refuse = (where: string, problem: string, hint?: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem, hint });

/** Reads a request to rank texts. @throws SERVING_BAD_INPUT */
export function rerankItems(body: Readonly<Record<string, unknown>>): RerankWanted {
  const { query, documents, top_n: most, return_documents: withDocuments } = body;
  if (typeof query !== "string" || query === "") throw refuse("query", `is ${describe(query)}, and must be a text`);
  if (!Array.isArray(documents) || documents.length === 0)
    throw refuse("documents", `is ${describe(documents)}, and must be an array of one text or more`);
  if (documents.length > MOST_DOCUMENTS)
    throw refuse("documents", `has ${documents.length} texts, and a request has at most ${MOST_DOCUMENTS}`);
  if (isGiven(most) && !(Number.isSafeInteger(most) && (most as number) >= 1))
    throw refuse("top_n", `is ${describe(most)}, and must be a whole number from 1`);
  if (isGiven(withDocuments) && typeof withDocuments !== "boolean")
    throw refuse("return_documents", `is ${describe(withDocuments)}, and must be true or false`);
  const given = ownMatters.find((name) => isGiven(body[name]));
  if (given !== undefined) throw refuse(given, "is given, and the model itself decides what it reads of a text", "Leave it out.");
  const items = documents.map((document: unknown, i) => ({ query, document: textOf(document, `documents[${i}]`) }));
  return { items, most: (most as number | null | undefined) ?? items.length, withDocuments: withDocuments !== false };
}

/** A text by itself, or as `{ text }`. @throws SERVING_BAD_INPUT */
function textOf(document: unknown, where: string): string {
  if (typeof document === "string") return document;
  const text = (document as { text?: unknown } | null)?.text;
  if (typeof text === "string") return text;
  throw refuse(where, `is ${describe(document)}, and must be a text or { "text": … }`);
}
