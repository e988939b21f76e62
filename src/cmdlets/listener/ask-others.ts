/** Asks other servers of the home's fleet once. Loaded only where there are some. */
import { type Said, ServersAsked } from '../../fleet/ask-servers.ts';
import { readMembership } from '../../fleet/membership.ts';
import type { Topic } from '../../fleet/questions.ts';
import type { Home } from '../../store/home.ts';

/** @throws FleetError */
export async function askOthers(
  home: Home,
  topic: Topic,
  about: Readonly<Record<string, unknown>>,
  servers: readonly string[],
): Promise<Said[]> {
  const member = readMembership(home);
  if (!member) return [];
  const asked = await ServersAsked.connect(member);
  try {
    return await asked.ask(topic, about, servers);
  } finally {
    asked.close();
  }
}
