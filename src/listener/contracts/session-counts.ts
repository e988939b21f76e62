/** What is counted of the sessions of a connector. */

/** What is counted of a connector's sessions, from nothing. */
export const NO_COUNTS = {
  /** Messages taken: answered with 250. */
  messages: 0,
  /** Bytes of them, as the client sent them, without the dots of transparency. */
  messageBytes: 0,
  /** Messages refused when they were whole. */
  messagesRefused: 0,
  /** Messages refused because they, or their headers, were or would be too large. */
  messagesTooLarge: 0,
  /** Recipients answered with 250, and those answered with anything else. */
  recipients: 0,
  recipientsRefused: 0,
  /** Everything that went over the wire, of TLS what is inside. */
  bytes: 0,
  bytesSent: 0,
  /** TLS handshakes that came about. */
  tls: 0,
  /** Logons with a right, and with a wrong password or name. */
  logons: 0,
  logonFailures: 0,
  /** Replies held back by TarpitInterval or AuthTarpitInterval. */
  delays: 0,
  /** How sessions ended: QUIT or the client was gone; a time limit; too many errors; another 421 of ours; the listener; its worker was killed. */
  endedByClient: 0,
  endedByTimeout: 0,
  endedByErrors: 0,
  endedByPolicy: 0,
  endedByListener: 0,
  endedByLoss: 0,
};

export type SessionCount = keyof typeof NO_COUNTS;
