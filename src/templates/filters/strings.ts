import { filter } from "../library.ts";

const none = { argument: "none", text: true } as const;
const safeNone = { ...none, isSafe: true } as const;

export const stringFilters = {
  lower: filter((text: string) => text.toLowerCase(), safeNone),
  upper: filter((text: string) => text.toUpperCase(), none),
  capfirst: filter((text: string) => text.charAt(0).toUpperCase() + text.slice(1), safeNone),
};
