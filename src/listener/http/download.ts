/** `Content-Disposition` of what is saved under a name and never shown: nothing of a stranger's is shown by a browser as if it were ours (RFC 6266, RFC 8187). */
export function downloadAs(name: string): string {
  const escaped = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
  return `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, escaped)}`;
}
