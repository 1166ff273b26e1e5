import assert from "node:assert/strict";

interface Refusal {
  code: string;
  message?: string | RegExp;
  hint?: string | RegExp | undefined;
}

/** What `assert.rejects` and `assert.throws` take: the whole of an error that teaches. */
export function refusal({ code, message, hint }: Refusal): (error: unknown) => true {
  return (error) => {
    const { code: given, message: said, hint: told } = error as { code?: string; message: string; hint?: string };
    assert.equal(given, code, said);
    if (typeof message === "string") assert.equal(said, message);
    else if (message) assert.match(said, message);
    if (typeof hint === "string") assert.equal(told, hint);
    else if (hint) assert.match(told ?? "", hint);
    return true;
  };
}
