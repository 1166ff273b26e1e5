/** A message of JSON-RPC; without an id it is a notification, which nobody answers. */
export interface RpcMessage {
  id: string | number | undefined;
  method: string;
  params: Record<string, unknown>;
}

/** The codes of JSON-RPC. */
export const rpcCodes = { unknownMethod: -32_601, badParameters: -32_602, fault: -32_603 } as const;

/** What a caller is told in place of a result. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
