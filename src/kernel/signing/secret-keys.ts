import { kernelErrors } from "../errors.ts";

type SecretKeys = readonly [newest: string, ...older: string[]];

let current: SecretKeys | undefined;

/** Sets the keys that signers use where they are given none: the newest signs, the older ones still verify. A project does so when it opens. */
export function useSecretKeys(newest: string, older: readonly string[] = []): void {
  current = [newest, ...older];
}

/** The open project's keys, the newest first. @throws KERNEL_NO_SECRET_KEY */
export function secretKeys(): SecretKeys {
  if (current === undefined) throw kernelErrors.KERNEL_NO_SECRET_KEY();
  return current;
}
