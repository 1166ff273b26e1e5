import type { Problem } from "#http";
import type { Explanation } from "./explain.ts";
import type { NamedText } from "./request-report.ts";

/** An explanation as plain text, for terminals. */
export function explanationText({ status, reason, hint }: Problem, explanation: Explanation): string {
  const { title, causes, frames, context, stack, request, queries, routes } = explanation;
  const parts = [
    `${status} ${reason}\n${title}`,
    ...causes.map((cause) => `because of ${cause}`),
    hint && `hint  ${hint}`,
    ...frames.map(({ template, line, column, excerpt }) => `in ${template}, line ${line}, column ${column}\n${excerpt}`),
    section("In the template", context),
    stack.length > 0 && stack.map(({ text, own }) => `${own ? ">" : " "} ${text}`).join("\n"),
    `${request.method} ${request.url}`,
    section("Parameters", [...request.params, ...request.query, ...(request.form ?? [])]),
    queries.length > 0 && `Queries\n${queries.map(({ sql, milliseconds }) => `  ${milliseconds} ms  ${sql}`).join("\n")}`,
    routes && `Addresses that were tried\n${routes.map(({ route, name }) => `  ${route}  ${name ?? ""}`.trimEnd()).join("\n")}`,
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function section(title: string, names: readonly NamedText[]): string | undefined {
  if (names.length === 0) return undefined;
  return `${title}\n${names.map(({ name, value }) => `  ${name}: ${value}`).join("\n")}`;
}
