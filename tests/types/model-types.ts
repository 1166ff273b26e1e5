// What a handler without schemas takes and gives is what the project's model files say; what it says itself counts more.
import { client } from "cortado/client";
import { type Handler, handler, type Tensor, type TensorMap } from "cortado/serving";
import { z } from "zod";

declare module "cortado/serving" {
  interface ModelTypes {
    "typed-echo": { input: { x: readonly number[] | Tensor }; output: { y: number[] } };
  }
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const proven = <T extends true>(..._: T[]): void => {};

const echo = handler({ name: "typed-echo", source: "file:models/echo" });
proven<Equal<Parameters<typeof echo.predict>[0], { x: readonly number[] | Tensor }>>();
proven<Equal<Awaited<ReturnType<typeof echo.predict>>, { y: number[] }>>();
// @ts-expect-error The model has no input of this name.
void echo.predict({ z: [1] });

const unknown = handler({ name: "unknown-echo", source: "file:models/unknown" });
proven<Equal<Parameters<typeof unknown.predict>[0], TensorMap>>();

const own = handler({ name: "typed-echo", input: z.object({ text: z.string() }), inference: (items) => items.map(() => 3) });
proven<Equal<Parameters<typeof own.predict>[0], { text: string }>>();
proven<Equal<Awaited<ReturnType<typeof own.predict>>, number>>();

proven<Equal<(typeof own)["name"], "typed-echo">>();
const some: Handler = own;
void some.predict(3);

const models = client<{ echo: typeof echo; other: string }>();
proven<Equal<keyof typeof models, "typed-echo">>();
void models["typed-echo"].predict({ x: [1, 2] });
