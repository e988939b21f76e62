/** The connector of a test: it takes anything from anybody and keeps it, at once. Of `startListener` and `rc serve --temporary`. */

/** Settings as `rc set` takes them, where they differ from a new connector's. */
export const TEST_CONNECTOR = {
  PermissionGroups: 'AnonymousUsers',
  // A test waits for no tarpit, unless it says that it wants one.
  TarpitInterval: '00:00:00',
  AuthTarpitInterval: '00:00:00',
  // STARTTLS is not offered unasked, for clients that use whatever is offered (nodemailer) would not trust the certificate.
  AuthMechanism: 'None',
} as const;
