/** New GUIDs (RFC 9562 version 4). node:crypto is loaded when one is needed: it costs start-up time. */
export function newGuid(): string {
  return process.getBuiltinModule('node:crypto').randomUUID();
}

/** As .NET's Guid.Parse takes them: with dashes or without, in braces or parentheses. */
const GUID = /^(?:\{(?<b>.*)\}|\((?<p>.*)\)|(?<n>.*))$/;
const DIGITS = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

/** The GUID that a text is in any of these forms, as it is stored: lower case, with dashes. */
export function guidIn(text: string): string | undefined {
  const { b, p, n } = GUID.exec(text.trim())?.groups ?? {};
  const parts = DIGITS.exec(b ?? p ?? n ?? '');
  return parts ? parts.slice(1).join('-').toLowerCase() : undefined;
}
