/** What `rc get-fleet` says, as an object. */
import { rc } from '../support/rc.ts';

export async function getFleet(home: string): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await rc(['get-fleet', '--output', 'ndjson'], { home });
  try {
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch {
    throw new Error(`get-fleet said: ${stdout}${stderr}`);
  }
}
