/** What a handler does on OpenAI's addresses. */
export type Task = (typeof tasks)[number];

export const tasks = ["chat", "completion", "embeddings", "rerank"] as const;

/** What is declared as one task or several, as a list. */
export function listedTasks(declared: Task | readonly Task[] | undefined): readonly Task[] | undefined {
  return typeof declared === "string" ? [declared] : declared;
}
