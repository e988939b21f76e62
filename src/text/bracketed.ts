/** A host as it stands before `:port`: an IPv6 address in brackets (RFC 3986 section 3.2.2), anything else as it is. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
