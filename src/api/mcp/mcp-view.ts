import { apiView, byMethod, csrfExempt, HttpError, type HttpRequest, HttpResponse, json, type View } from "#http";
import { packageVersion } from "#kernel";
import { nonAtomicRequests } from "#views";
import { isObject } from "../api-view.ts";
import { callTool, listTools } from "./model-tools.ts";
import { type RpcMessage, RpcError, rpcCodes } from "./rpc.ts";

/*
 * How it works: the Model Context Protocol over its streamable HTTP transport, without sessions: each message is a POST, and
 * its answer is one JSON object. A model that the caller may ask is a tool, whose arguments are the model's item. Tokens count,
 * cookies do not.
 */

/** The revisions of the protocol that are spoken, the newest first. */
const revisions = ["2025-06-18", "2025-03-26", "2024-11-05"];

type Method = (request: HttpRequest, params: Record<string, unknown>) => unknown;

const methods: Readonly<Record<string, Method>> = {
  initialize: (_request, { protocolVersion }) => ({
    protocolVersion: revisions.find((revision) => revision === protocolVersion) ?? revisions[0],
    capabilities: { tools: {} },
    serverInfo: { name: "cortado", version: packageVersion() },
  }),
  ping: () => ({}),
  "tools/list": async (request) => ({ tools: await listTools(request) }),
  "tools/call": callTool,
};

/** One message in, one answer out; a notification is only taken note of. */
export const mcp: View = nonAtomicRequests(csrfExempt(apiView(byMethod({ POST: answerMessage }))));

async function answerMessage(request: HttpRequest): Promise<HttpResponse> {
  const message = readMessage(await request.json());
  if (message.id === undefined) return new HttpResponse(null, { status: 202 });
  return json({ jsonrpc: "2.0", id: message.id, ...(await resultOf(request, message)) });
}

function readMessage(body: unknown): RpcMessage {
  const isMessage = isObject(body) && body["jsonrpc"] === "2.0" && typeof body["method"] === "string";
  if (!isMessage)
    throw new HttpError(400, 'The body must be one JSON-RPC message: {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}.');
  const { id, method, params } = body as { id?: string | number; method: string; params?: unknown };
  return { id, method, params: isObject(params) ? params : {} };
}

async function resultOf(request: HttpRequest, { method, params }: RpcMessage): Promise<{ result: unknown } | { error: object }> {
  try {
    const answer = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (answer === undefined) throw new RpcError(rpcCodes.unknownMethod, `There is no method "${method}".`);
    return { result: await answer(request, params) };
  } catch (error) {
    if (error instanceof RpcError) return { error: { code: error.code, message: error.message } };
    if (error instanceof HttpError && error.status !== 500)
      return { error: { code: rpcCodes.badParameters, message: error.message } };
    request.log.error({ err: error }, "The request failed.");
    return { error: { code: rpcCodes.fault, message: "Something went wrong in the server." } };
  }
}
