/** Making a change to a stored connector: edits applied, rules checked, all violations in one error. */

import { certificatesNamed, readCertificates, whyNotNamed } from '../../certificates/certificate-folder.ts';
import { parseCertificateName } from '../../domain/certificate-name.ts';
import {
  type Connector,
  connectorName,
  type Edit,
  type Own,
  orderKeys,
  type StoredConnector,
  sameJson,
} from '../../domain/connector.ts';
import { checkConnector } from '../../domain/rules.ts';
import type { Site } from '../../domain/setting.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from '../../domain/settings.ts';
import { percentageLimit } from '../../domain/source-share.ts';
import { endText, temporaryOf } from '../../domain/temporary.ts';
import { readTransport } from '../../domain/transport.ts';
import type { Flags } from '../../domain/value.ts';
import type { Spelling } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError } from '../../pipeline/error.ts';
import type { StoreDocument } from '../../store/document.ts';
import type { Draft } from '../../store/draft.ts';
import { kebab } from '../../text/flag-name.ts';
import { printable, show } from '../../text/printable.ts';
import { shellWord } from '../../text/shell-word.ts';
import { sameText } from '../../text/wildcard.ts';

/** The connector with the edits made (`until` a moment, or for good), and its own name, Guid and dates where they are given. @throws CmdletError naming every violation, with what to type in the person's own spelling */
export function changed(
  draft: Draft,
  stored: StoredConnector,
  edits: ReadonlyMap<SettingName, Edit>,
  spelling: Spelling,
  own: Own = {},
  until?: string,
): StoredConnector {
  const { next, problems } = tried(draft, stored, edits, own, until);
  const lines = problems.map(({ key, message }) => `${key}: ${message}`);
  refuse(draft.label(next), spelling === 'flags' ? lines : lines.map(inLanguage));
  return next;
}

/** The rules that the edits would break, without those that a setting of unknown value has a part in. */
export function rulesBroken(
  draft: Draft,
  stored: StoredConnector,
  edits: ReadonlyMap<SettingName, Edit>,
  unknown: ReadonlySet<string>,
  spelling: Spelling,
): string[] {
  return tried(draft, stored, edits)
    .problems.filter(({ key, message }) => ![...unknown].some((name) => key === name || message.includes(name)))
    .map(
      ({ key, message }) => `"${draft.label(stored)}": ${key}: ${spelling === 'flags' ? message : inLanguage(message)}`,
    );
}

function tried(
  draft: Draft,
  stored: StoredConnector,
  edits: ReadonlyMap<SettingName, Edit>,
  own?: Own,
  until?: string,
): { next: StoredConnector; problems: readonly { key: string; message: string }[] } {
  const problems: { key: string; message: string }[] = [];
  const report = (key: string, message: string) => problems.push({ key, message });
  const { stored: next, connector } = draft.edited(stored, edits, report, own, until);
  if (!problems.length) {
    for (const v of checkConnector(connector)) report(v.path, v.message);
    checkCustom(stored, edits, report);
    if (edits.has('DefaultDomain') && connector.DefaultDomain)
      checkDefaultDomain(draft, connector.DefaultDomain, report);
    if (edits.has('DeliveryMethod') && connector.DeliveryMethod === 'Relay' && !hasNextHost(draft, stored)) {
      const server = draft.servers.isOwn(stored) ? '' : `${connector.Server} `;
      report(
        'DeliveryMethod',
        `Relay needs the next host: rc set-transport-service ${server}--smart-host mail.contoso.com:25`,
      );
    }
  }
  return { next, problems };
}

/** `--require-tls true` as the language writes it: `-RequireTLS $true`. */
function inLanguage(message: string): string {
  return message.replace(/--([a-z0-9-]+)( true| false)?/g, (flag, name: string, value?: string) => {
    const setting = SETTING_NAMES.find((candidate) => kebab(candidate) === name);
    return setting ? `-${setting}${value ? ` $${value.trim()}` : ''}` : flag;
  });
}

/** PermissionGroups Custom comes with single rights; asked for without them it would silently do nothing. */
function checkCustom(
  stored: StoredConnector,
  edits: ReadonlyMap<SettingName, Edit>,
  report: (key: string, message: string) => void,
): void {
  const edit = edits.get('PermissionGroups');
  if (!edit || stored.Grants?.length) return;
  const asked = 'replace' in edit ? (edit.replace as Flags).names : edit.add;
  if (asked.includes('Custom'))
    report('PermissionGroups', 'Custom shows by itself once single rights are given: rc add-ad-permission …');
}

function hasNextHost(draft: Draft, stored: StoredConnector): boolean {
  return readTransport(draft.transportOf(draft.servers.of(stored))).SmartHost !== '';
}

function checkDefaultDomain(draft: Draft, domain: string, report: (key: string, message: string) => void): void {
  if (draft.document.acceptedDomains.some((d) => sameText(d.DomainName, domain) || sameText(d.Name, domain))) return;
  report('DefaultDomain', `"${domain}" is not an accepted domain; make it one first: rc new-accepted-domain ${domain}`);
}

/**
 * TlsCertificateName must name a certificate that the listener has (column "legal" of the catalogue); which those of another
 * server are, only its own machine knows.
 * @throws CmdletError naming those that are there
 */
export function checkCertificate(
  { store, statement }: Context,
  { Name: name, Server }: Pick<StoredConnector, 'Name' | 'Server'>,
  edits: ReadonlyMap<SettingName, Edit>,
): void {
  if (!statement.draft.servers.isOwn({ Server })) return;
  const folder = store.home.certificates;
  const edit = edits.get('TlsCertificateName');
  const wanted = edit && 'replace' in edit ? String(edit.replace) : '';
  if (wanted === '' || !parseCertificateName(wanted)) return; // no such name at all: the catalogue says what is wrong with it
  const there = readCertificates(folder);
  if (certificatesNamed(there, wanted, new Date()).length) return;
  const names = there.certificates.map((one) => one.name).filter(Boolean);
  const known = names.length ? `It has:\n  ${names.map(printable).join('\n  ')}` : 'It has none yet.';
  const nameless = there.certificates
    .filter((one) => one.name === '')
    .map(({ file }) => `${file}: its subject is empty; a connector without TlsCertificateName finds it by its Fqdn`);
  const unusable = there.problems.map(({ file, reason }) => `${file}: ${reason}`);
  const others = [...nameless, ...unusable].map(printable);
  const rest = others.length ? `\n  These cannot be named:\n  ${others.join('\n  ')}` : '';
  const why = whyNotNamed(there, wanted);
  refuse(name, [
    why.startsWith('is not in')
      ? `TlsCertificateName: ${show(wanted)} is not a certificate in ${folder}; put NAME.pem and NAME.key there. ${known}${rest}`
      : `TlsCertificateName: ${show(wanted)} ${printable(why)}`,
  ]);
}

export function refuse(name: string, problems: readonly string[]): void {
  if (!problems.length) return;
  const what = problems.length === 1 ? problems[0] : `${problems.length} things cannot be:\n  ${problems.join('\n  ')}`;
  throw new CmdletError(`"${name}": ${what}`, { id: 'InvalidSettings', category: 'InvalidArgument', target: name });
}

/** Checks a name for a new or renamed connector. @throws CmdletError */
export function checkName(draft: Draft, name: string, site: Site, self?: string): void {
  try {
    connectorName.parse(name);
  } catch (error) {
    throw new CmdletError(`Name: ${(error as Error).message}`, { kind: 'usage', target: name });
  }
  if (draft.connectorsOf([site]).some((c) => c.Guid !== self && sameText(c.Name, name))) {
    const identity = draft.servers.isOwn({ Server: site.server }) ? name : `${site.server}\\${name}`;
    throw new CmdletError(
      `The name "${name}" is already taken on ${site.server}; names are unique. To change that connector: rc set ${shellWord(identity)} …`,
      {
        id: 'NameNotUnique',
        category: 'ResourceExists',
        target: name,
      },
    );
  }
}

/** Is anything but the date of change different? */
export function differs(before: StoredConnector, after: StoredConnector): boolean {
  const compared = (c: StoredConnector) => orderKeys({ ...c, WhenChanged: '' }); // a hand-edited one has its own order
  return !sameJson(compared(before), compared(after));
}

/** Says that a setting was temporary, and is changed for good now. */
export function warnOver(context: Context, before: StoredConnector, after: StoredConnector): void {
  const still = new Set(temporaryOf(after).map(({ Setting }) => Setting));
  for (const { Setting, Until } of temporaryOf(before)) {
    if (still.has(Setting)) continue;
    const end = endText(Until, context.host.clock());
    context.warn(
      `"${after.Name}": ${Setting} was temporary, until ${end}. The value given now has no end, and nothing is put back.`,
    );
  }
}

/** Says, once a call and setting, that a setting changed from its default is kept without effect. */
export function warnKept(
  context: Context,
  before: StoredConnector | undefined,
  after: StoredConnector,
  said: Set<string>,
): void {
  for (const name of SETTING_NAMES) {
    const { acts } = SETTINGS[name];
    // What equals its default is not stored.
    if (acts === 'yes' || after[name] === undefined || sameJson(before?.[name], after[name]) || said.has(name))
      continue;
    said.add(name);
    context.warn(
      `${name} is kept ${acts === 'windows' ? '(it has a meaning on Windows only)' : 'for Exchange’s sake'}; this listener does not act on it.`,
    );
  }
}

/** @throws CmdletError when the draft has two connectors for one binding and range that the document had not */
export function refuseClash(draft: Draft, before: StoreDocument, name: string): void {
  const clash = draft.clashes(before);
  if (clash.length)
    throw new CmdletError(clash.map((v) => v.message).join('\n  '), {
      id: 'BindingConflict',
      category: 'ResourceExists',
      target: name,
    });
}

/** Says what a change does not do, or does besides what was meant: a limit that another one caps, a list that was replaced. */
export function warnBeside(
  context: Context,
  before: Connector,
  after: Connector,
  edits: ReadonlyMap<SettingName, Edit>,
  spelling: Spelling,
): void {
  const share = percentageLimit(after, 0);
  const wanted = after.MaxInboundConnectionPerSource;
  const capped =
    edits.has('MaxInboundConnectionPerSource') ||
    // The cap itself was lowered under a limit that was reached until now.
    (Number.isFinite(Number(wanted)) && Number(wanted) <= percentageLimit(before, 0));
  const typed = (name: SettingName) => (spelling === 'flags' ? `--${kebab(name)}` : `-${name}`);
  if (capped && share < Number(wanted)) {
    const needed = Math.min(100, Math.ceil((Number(wanted) * 100) / Number(after.MaxInboundConnection)));
    const { MaxInboundConnection: most, MaxInboundConnectionPercentagePerSource: percentage } = after;
    context.warn(
      `"${after.Name}": MaxInboundConnectionPercentagePerSource ${percentage} of MaxInboundConnection ${most} lets one source have ${share} connections at most, so ${wanted} is not reached; to let it: ${typed('MaxInboundConnectionPercentagePerSource')} ${needed}`,
    );
  }
  for (const name of ['RemoteIPRanges', 'Bindings'] as const) {
    const edit = edits.get(name);
    if (!edit || !('replace' in edit)) continue;
    const now = after[name].map(String);
    const gone = before[name].map(String).filter((one) => !now.includes(one));
    if (gone.length > 1 && before[name].length > 2)
      context.warn(
        `"${after.Name}": ${name} was replaced, and ${gone.length} entries are gone: ${gone.slice(0, 5).join(', ')}${gone.length > 5 ? ', …' : ''}. To add to a list: ${spelling === 'flags' ? `--add-${kebab(name)} …` : `-${name} @{Add='…'}`}; to take this back: ${spelling === 'flags' ? 'rc undo' : 'Undo-ConnectorChange'}`,
      );
  }
}
