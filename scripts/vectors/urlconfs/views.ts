/** The one view that the recorded addresses lead to. */
export function emptyView(): null {
  return null;
}
