/** A host as it stands before `:port`: an IPv6 address in brackets (RFC 3986 section 3.2.2), anything else as it is. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** `127.0.0.1:25`, `[::1]:25` */
export function hostAndPort(host: string, port: number): string {
  return `${bracketed(host)}:${port}`;
}

/** Where this machine reaches what listens on an address: what listens on all, over loopback. */
export function reachedAt(address: string): string {
  return address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
}
