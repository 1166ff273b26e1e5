import type { View } from "#http";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * The mark of views that ask models: they are in no transaction of their request (`atomicRequests`). It would hold the
 * database's lock while models run and while feedback waits, and what is batched belongs to several requests.
 */
export const outsideTransactions = { atomic: false } as const;

/** Views of one address, by method. */
export type MethodViews = Partial<Record<Method, View<any>>>;
