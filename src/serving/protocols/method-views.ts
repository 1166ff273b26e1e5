import type { View } from "#http";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Views of one address, by method. */
export type MethodViews = Partial<Record<Method, View<any>>>;
