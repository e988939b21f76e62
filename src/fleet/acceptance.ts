/** What of a fleet a home takes: whether it still is its fleet, and whether the document can be this server's. */
import type { StoreDocument } from '../store/document.ts';
import { Draft } from '../store/draft.ts';
import { homeOf } from '../store/organization.ts';
import { engineUrl } from './engine-address.ts';
import type { FleetState, Header } from './fleet-document.ts';
import { FleetError } from './fleet-error.ts';
import type { Membership } from './membership.ts';

/** @throws FleetError when it is not what this home follows */
export function guarded(header: Header | undefined, member: Membership, known: number): Header {
  const { fleet, address } = member;
  const url = engineUrl(address);
  const here = `This server goes on with the settings it has (generation ${known}).`;
  const again = `To put the fleet there as this server has it: rc join-fleet ${url}${fleet === 'default' ? '' : ` --name ${fleet}`}`;
  if (!header)
    throw new FleetError(
      'back',
      `The engine ${url} has no fleet "${fleet}" any more: it was emptied, or is another one. ${here} ${again}`,
    );
  if (header.id !== member.id)
    throw new FleetError(
      'back',
      `The engine ${url} has another fleet by the name "${fleet}" than the one this server is in. ${here} To leave ours: rc leave-fleet --keep; then join that one`,
    );
  if (header.generation < known)
    throw new FleetError(
      'back',
      `The fleet's generation went back from ${known} to ${header.generation}: the engine has old data. ${here} ${again}`,
    );
  if (header.secrets && !mayHaveSecrets(member)) throw secretsRefused(member);
  return header;
}

export function mayHaveSecrets({ address, allowPlaintext }: Pick<Membership, 'address' | 'allowPlaintext'>): boolean {
  return address.tls || allowPlaintext;
}

export function secretsRefused({ address }: Pick<Membership, 'address'>): FleetError {
  return new FleetError(
    'refused',
    `The fleet has SMTP users, and their password hashes do not travel to ${engineUrl(address)} in the clear. Join with TLS: rc join-fleet ${engineUrl({ ...address, tls: true })}; or say that the network is trusted: rc join-fleet ${engineUrl(address)} --allow-plaintext`,
  );
}

/** The fleet's document as this home writes it, checked like a store that was edited. @throws FleetError */
export function homeDocument(
  { organization, generation }: Pick<FleetState, 'organization' | 'generation'>,
  { server, fleet, address }: Membership,
): StoreDocument {
  const home = homeOf(organization, server);
  if (!home)
    throw new FleetError(
      'refused',
      `The server ${server} is no longer in the fleet "${fleet}" (generation ${generation}); it goes on with the settings it has. To come back: rc join-fleet ${engineUrl(address)}${fleet === 'default' ? '' : ` --name ${fleet}`}; to go: rc leave-fleet --keep`,
    );
  const violations = new Draft(home).violations();
  if (violations.length)
    throw new FleetError(
      'foreign',
      `Generation ${generation} of the fleet has settings that cannot be here; this server goes on with those it has:\n${violations
        .slice(0, 20)
        .map((v) => `  ${v.path}: ${v.message}`)
        .join('\n')}\nAn rc of another version may have made it: rc get-fleet shows them`,
    );
  return home;
}
