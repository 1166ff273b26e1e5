import { HttpError, type HttpRequest, HttpResponse, json } from "#http";
import type { UnreadBody } from "../../engines/unread-body.ts";
import { scanInferBody } from "../../tensors/scan-body.ts";
import type { Signature } from "../../tensors/signature.ts";
import { type ProtocolOptions, tokenAuthorizerOf } from "../access.ts";
import { askOf } from "../ask-of.ts";
import { bodyBytes } from "../body-bytes.ts";
import { parseObject } from "../json-body.ts";
import { predictionHeaders } from "../prediction-headers.ts";
import { staysUnread, writtenAnswer } from "../unread-answer.ts";
import { type InferRequest, inferRequest } from "../../bodies/open-inference/infer-request.ts";
import { inferResponse, type InferResponse } from "../../bodies/open-inference/infer-response.ts";
import { answerTensors, askedSignature, spokenSignature } from "./items-as-tensors.ts";
import { packed } from "./packed-answer.ts";
import { rawRequest } from "../../bodies/open-inference/raw-request.ts";
import { glanceAtTensorModel, type Params } from "./tensor-model.ts";

/** Says how many bytes of a body are JSON; the tensors' own bytes follow. */
const HEAD_LENGTH = "inference-header-content-length";

/** Bytes of JSON from which reading its numbers by themselves is worth it. */
const WORTH_SCANNING = 1024;

/** `POST …/infer`: tensors in, tensors out, below any handler; a model without tensors takes its items as texts. */
export async function inferView(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const { models } = request.services;
  const model = glanceAtTensorModel(models, params);
  await tokenAuthorizerOf(request, options).authorize(request, "predict", model);
  const ask = askOf(request, params);
  const signed = await models.signature(params.name, ask);
  const { version, reads, readsFrom, infers } = signed;
  const signature = spokenSignature(models, params.name, signed);
  const bytes = await bodyBytes(request);
  const length = headLength(request);
  const asked = { ...ask, version };
  if (reads.includes("infer") && length !== 0 && staysUnread(bytes.subarray(0, length), readsFrom)) {
    const body: UnreadBody = { form: "infer", bytes, headLength: checked(length, bytes) };
    return packed(writtenAnswer(await models.answerBody(params.name, body, asked)), request);
  }
  const wanted = readRequest(request, { bytes, length }, signature);
  const question = { name: params.name, tensors: wanted.tensors, infers, parameters: wanted.parameters };
  const prediction = await answerTensors(models, question, { ...asked, ...wanted.ask });
  const answer = inferResponse(prediction.outputs[0]!, wanted, { ...prediction, signature: wanted.signature });
  return packed(answerOf(answer, predictionHeaders(prediction)), request);
}

/** How many bytes of the body are JSON; undefined where all of them are. @throws HttpError 400 */
function headLength(request: HttpRequest): number | undefined {
  const given = request.headers[HEAD_LENGTH];
  if (given === undefined) return undefined;
  if (typeof given === "string" && /^\d{1,10}$/.test(given)) return Number(given);
  throw new HttpError(400, `The header Inference-Header-Content-Length is ${JSON.stringify(given)}, and must be a whole number.`);
}

/** A body, and how many bytes of it are JSON, where not all of them are. */
interface Body {
  bytes: Buffer;
  length: number | undefined;
}

function readRequest(request: HttpRequest, { bytes, length }: Body, spoken: Signature): InferRequest {
  if (length === 0) return rawRequest(bytes, spoken);
  const head = readJson(request, bytes.subarray(0, checked(length, bytes)), spoken);
  const signature = askedSignature(spoken, head["inputs"]);
  return inferRequest(head, signature, length === undefined ? undefined : bytes.subarray(length));
}

/** The JSON as an object. From some numbers on, they are quicker read from its bytes. */
function readJson(request: HttpRequest, head: Buffer, signature: Signature): Record<string, unknown> {
  const scanned = head.byteLength < WORTH_SCANNING ? undefined : scanInferBody(head, signature);
  return scanned ?? parseObject(request, head, signature);
}

/** The length of the JSON, which cannot be more than that of the body. @throws HttpError 400 */
function checked(length: number | undefined, body: Buffer): number | undefined {
  if (length === undefined || length <= body.byteLength) return length;
  throw new HttpError(
    400,
    `The header Inference-Header-Content-Length is ${length}, and the body has no more than ${body.byteLength} bytes.`,
  );
}

function answerOf({ head, binary }: InferResponse, headers: Record<string, string>): HttpResponse {
  if (binary.length === 0) return json(head, { headers });
  const text = Buffer.from(JSON.stringify(head));
  return new HttpResponse(Buffer.concat([text, ...binary]), {
    headers: { ...headers, "content-type": "application/octet-stream", [HEAD_LENGTH]: String(text.byteLength) },
  });
}
