/** New GUIDs (RFC 9562 version 4). node:crypto is loaded when one is needed: it costs start-up time. */
export function newGuid(): string {
  return process.getBuiltinModule('node:crypto').randomUUID();
}
