// Asking the listener. The key is kept for this page's own address and port; the cookie goes by itself.
const KEY = 'rc.key';

/** The session is over, or never was. */
export class SignedOut extends Error {}

function key() {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

export function hasKey() {
  return key() !== '';
}

function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {}
}

export async function request(
  path: string,
  { method = 'GET', body, signal }: { method?: string; body?: unknown; signal?: AbortSignal } = {},
) {
  const headers: Record<string, string> = { 'x-rc-key': key() };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
  });
  if (response.status === 401) {
    forget();
    throw new SignedOut('The session is over.');
  }
  return response;
}

/** The answer's JSON, which is what the page's own server sends for this path. */
export async function ask<Answer>(path: string, options?: { method?: string; body?: unknown }): Promise<Answer> {
  const response = await request(path, options);
  if (response.status !== 200) throw new Error((await response.text()).trim() || `Status ${response.status}`);
  return response.json();
}

/** Saves what the server sends as a file of this name. The key goes along, which a link could not do. */
export async function save(path: string, name: string) {
  const response = await request(path);
  if (response.status !== 200) throw new Error((await response.text()).trim() || `Status ${response.status}`);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Signs in. @returns what went wrong, or nothing */
export async function signIn(token: string): Promise<string> {
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (response.status !== 200) return (await response.text()).trim();
  const answer = await response.json();
  try {
    localStorage.setItem(KEY, answer.key);
  } catch {
    return 'This browser keeps nothing for this page (local storage is off), and without it nobody stays signed in.';
  }
  return '';
}

export async function signOut() {
  try {
    await request('/session', { method: 'DELETE' });
  } catch {} // gone already
  forget();
}
