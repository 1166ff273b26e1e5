/** Width at which printed code is broken into lines, the formatter's own default. */
export const lineWidth = 100;
