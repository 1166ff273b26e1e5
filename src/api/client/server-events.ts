import { cutOff } from "./client-error.ts";

/** One event of a stream: its name, its number where it has one, and what it says. */
export interface StreamedEvent {
  id?: string;
  event: string;
  data: unknown;
}

/** Reads server-sent events as they come, whose data is JSON. @throws ClientError where the connection breaks */
export async function* serverEvents(response: Response, signal?: AbortSignal): AsyncGenerator<StreamedEvent> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read().catch((cause: unknown) => {
        throw signal?.aborted ? signal.reason : cutOff(response.status, cause);
      });
      if (done) return;
      const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
      rest = blocks.pop()!;
      for (const block of blocks) {
        const event = readEvent(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function readEvent(block: string): StreamedEvent | undefined {
  const fields = block.split("\n").map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
  const values = (name: string) => fields.filter((field) => field[1] === name).map((field) => field[2]!);
  const data = values("data");
  if (data.length === 0) return undefined;
  const [id] = values("id");
  return { ...(id === undefined ? {} : { id }), event: values("event")[0] ?? "message", data: JSON.parse(data.join("\n")) };
}
