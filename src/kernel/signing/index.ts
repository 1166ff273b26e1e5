export { Signer } from "../signing.ts";
