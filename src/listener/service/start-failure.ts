/** The listener cannot start as it is told; the message says why, and what to type. */
export class StartFailure extends Error {}
