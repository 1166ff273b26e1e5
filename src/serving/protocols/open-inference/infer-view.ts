import { HttpError, type HttpRequest, HttpResponse, json } from "#http";
import { servingErrors } from "../../errors.ts";
import type { Signature } from "../../tensors/signature.ts";
import { type ProtocolOptions, tokenAuthorizerOf } from "../access.ts";
import { bodyBytes } from "../body-bytes.ts";
import { parseObject } from "../json-body.ts";
import { predictionHeaders } from "../predict-view.ts";
import { type InferRequest, inferRequest } from "./infer-request.ts";
import { inferResponse, type InferResponse } from "./infer-response.ts";
import { packed } from "./packed-answer.ts";
import { rawRequest } from "./raw-request.ts";
import { findTensorModel, type Params } from "./tensor-model.ts";

/** Says how many bytes of a body are JSON; the tensors' own bytes follow. */
const HEAD_LENGTH = "inference-header-content-length";

/** `POST …/infer`: tensors in, tensors out, below any handler. */
export async function inferView(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const { models } = request.services;
  const model = findTensorModel(models, params);
  await tokenAuthorizerOf(request, options).authorize(request, "predict", model);
  const { signature, version } = await models.signature(params.name, { version: params.version });
  if (signature === undefined) throw servingErrors.SERVING_BAD_INPUT({ where: "The model", problem: "takes no tensors" });
  const wanted = readRequest(await bodyBytes(request), headLength(request), signature);
  const prediction = await models.infer(params.name, wanted.tensors, { ...wanted.ask, version, signal: request.signal });
  const answer = inferResponse(prediction.outputs[0]!, wanted, { ...prediction, signature });
  return packed(answerOf(answer, predictionHeaders(prediction)), request);
}

/** How many bytes of the body are JSON; undefined where all of them are. @throws HttpError 400 */
function headLength(request: HttpRequest): number | undefined {
  const given = request.headers[HEAD_LENGTH];
  if (given === undefined) return undefined;
  if (typeof given === "string" && /^\d{1,10}$/.test(given)) return Number(given);
  throw new HttpError(400, `The header Inference-Header-Content-Length is ${JSON.stringify(given)}, and must be a whole number.`);
}

function readRequest(body: Buffer, length: number | undefined, signature: Signature): InferRequest {
  if (length === 0) return rawRequest(body, signature);
  if (length === undefined) return inferRequest(parseObject(body, signature), signature);
  if (length <= body.byteLength)
    return inferRequest(parseObject(body.subarray(0, length), signature), signature, body.subarray(length));
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
