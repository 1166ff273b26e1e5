import type { OpenedContent } from "./download.ts";
import { isGiven, type WebAnswer, type WebClient } from "./web-client.ts";

/** A content on a web server, from some byte on. */
export interface ContentPlace {
  url: string;
  start: number;
  signal: AbortSignal;
  /** Looks at what the server says before the content is read, and throws where it is not wanted. */
  inspect?(answer: WebAnswer): void;
  /** What is thrown where the server refuses. */
  refused(answer: WebAnswer): Error;
}

/** Asks for a content from some byte on; a server that cannot begin there begins anew. */
export async function openContent(client: WebClient, place: ContentPlace): Promise<OpenedContent> {
  const { url, start, signal } = place;
  const answer = await client.ask(url, { method: "GET", headers: start > 0 ? { range: `bytes=${start}-` } : {}, signal });
  const { status, headers, body } = answer;
  try {
    // A server that has trouble may have none later; one that refuses goes on refusing.
    if (status >= 500 || status === 429 || status === 408) throw new Error(`the server answered ${status}`);
    if (status !== 416 && !isGiven(answer)) throw place.refused(answer);
    if (status !== 416) place.inspect?.(answer);
    const begins = /^bytes (\d+)-/.exec(headers["content-range"] ?? "")?.[1];
    const at = status === 206 ? Number(begins ?? -1) : 0;
    if (at !== 0 && at !== start) throw new Error("the server sent another part than was asked for");
    if (status !== 416) return { chunks: body, start: at };
  } catch (error) {
    body.destroy();
    throw error;
  }
  body.destroy();
  if (start === 0) throw place.refused(answer);
  return openContent(client, { ...place, start: 0 });
}
