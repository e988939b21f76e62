/** Connectors and their fault rules: the cmdlets of `rc`, with the same words, checks and errors. */
import { hasWildcard } from '../../text/wildcard.ts';
import { BadRequest } from '../http/request-body.ts';
import { Problem } from './problem.ts';
import { aText } from './query.ts';
import { type Api, type Asked, type Route, route } from './route.ts';
import { list, ref } from './schemas.ts';
import type { RunCmdlets } from './surroundings.ts';

const topic = 'Connectors';
const PARTS = { name: 'Name, Identity or Guid of a connector.' };
const GONE = { 404: 'There is no such connector.' };
const ACTS = 'The listener acts by it when the answer comes.';

type Calls = Parameters<RunCmdlets>[0];
type Results = readonly Readonly<Record<string, unknown>>[];

/** Runs cmdlets. @throws Problem when one fails; then nothing was changed */
async function ran(api: Api, calls: Calls, via: string): Promise<Results> {
  const { results, errors } = await api.run(calls, via);
  if (results) return results;
  const [first] = errors;
  throw new Problem(statusOf(first!), errors.map(({ message }) => message).join('\n'), { code: first!.id });
}

function statusOf({ category, usage }: { category: string; usage: boolean }): number {
  if (category === 'ObjectNotFound') return 404;
  if (category === 'ResourceExists') return 409;
  if (category === 'Store') return 503;
  return usage || category === 'InvalidArgument' || category === 'InvalidData' || category === 'InvalidOperation'
    ? 400
    : 500;
}

/** Runs cmdlets that change something, and settles when the listener obeys. */
async function changed(api: Api, calls: Calls, via: string): Promise<Results> {
  const results = await ran(api, calls, via);
  const { listener } = api;
  listener.hint();
  await listener.settled();
  if (listener.problem) throw new Problem(503, listener.problem, { code: 'NotApplied' });
  return results;
}

/** The one connector that the path names. @throws Problem for a pattern */
function nameIn({ part }: Pick<Asked, 'part'>): string {
  const name = part('name');
  if (!hasWildcard(name)) return name;
  throw new Problem(400, 'The path names one connector. Several are found by: GET /v1/connectors?name=PATTERN', {
    code: 'InvalidParameter',
    parameter: 'name',
    value: name.slice(0, 200),
    allowed: 'a name without wildcards',
  });
}

/** Values as JSON has them, and lists of them. @throws BadRequest */
function settingsOf(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const plain = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value);
  for (const [name, value] of Object.entries(body)) {
    if (plain(value) || (Array.isArray(value) && value.every(plain))) continue;
    throw new BadRequest(`${JSON.stringify(name.slice(0, 64))} is no text, number, true, false, null or list of them.`);
  }
  // null: the default, as a flag with an empty text
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value ?? '']));
}

const get = (Identity: string) => ({ cmdlet: 'Get-ReceiveConnector', parameters: { Identity } });

export const CONNECTOR_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/connectors',
    id: 'listConnectors',
    topic,
    summary: 'The connectors, or those of a name or wildcard.',
    query: { name: { kind: aText, help: 'Name, Identity or Guid; wildcards find several.' } },
    answer: { status: 200, means: 'With all their settings.', schema: list(ref('Connector')) },
    problems: GONE,
    async answerTo(api, { query, via }) {
      return { json: await ran(api, [get(query.name ?? '*')], via) };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/connectors',
    id: 'createConnector',
    topic,
    summary: `Makes a connector. ${ACTS}`,
    body: ref('NewConnector'),
    answer: { status: 201, means: 'The connector, at Location.', schema: ref('Connector') },
    problems: { 409: 'There is one of this name.' },
    async answerTo(api, { body, via }) {
      const settings = settingsOf(await body());
      const [made] = await changed(api, [{ cmdlet: 'New-ReceiveConnector', parameters: {}, settings }], via);
      const location = `/v1/connectors/${encodeURIComponent(String(made?.Name))}`;
      return { json: made, headers: { location } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/connectors/{name}',
    id: 'getConnector',
    topic,
    summary: 'A connector.',
    parts: PARTS,
    answer: { status: 200, means: 'With all its settings.', schema: ref('Connector') },
    problems: GONE,
    async answerTo(api, asked) {
      return { json: (await ran(api, [get(nameIn(asked))], asked.via))[0] };
    },
  }),
  route({
    method: 'PATCH',
    path: '/v1/connectors/{name}',
    id: 'setConnector',
    topic,
    summary: `Changes settings of a connector. ${ACTS}`,
    parts: PARTS,
    body: ref('ConnectorSettings'),
    answer: { status: 200, means: 'The connector as it is now.', schema: ref('Connector') },
    problems: GONE,
    async answerTo(api, asked) {
      const parameters = { Identity: nameIn(asked), PassThru: true };
      const settings = settingsOf(await asked.body());
      return { json: (await changed(api, [{ cmdlet: 'Set-ReceiveConnector', parameters, settings }], asked.via))[0] };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/connectors/{name}',
    id: 'removeConnector',
    topic,
    summary: 'Removes a connector; its sessions finish their message.',
    parts: PARTS,
    answer: { status: 204, means: 'It is gone.' },
    problems: GONE,
    async answerTo(api, asked) {
      const parameters = { Identity: nameIn(asked), Confirm: false };
      await changed(api, [{ cmdlet: 'Remove-ReceiveConnector', parameters }], asked.via);
      return {};
    },
  }),
];

const ONE_OR_ALL = {
  connector: { kind: aText, usual: '*', help: 'Name or wildcard of connectors; all when left out.' },
};
const faults = 'Faults';

const rulesOf = (connectors: Results) =>
  connectors.map(({ Name, FaultRules }) => ({ connector: Name, rules: FaultRules }));

async function setFaults(api: Api, connector: string, FaultRules: unknown, via: string): Promise<Results> {
  const parameters = { Identity: connector, FaultRules };
  return changed(api, [{ cmdlet: 'Set-ReceiveConnector', parameters }, get(connector)], via);
}

export const FAULT_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/faults',
    id: 'getFaults',
    topic: faults,
    summary: 'The faults on purpose of connectors (docs/testing.md).',
    query: ONE_OR_ALL,
    answer: { status: 200, means: 'Rules by connector.', schema: ref('Faults') },
    problems: GONE,
    async answerTo(api, { query, via }) {
      return { json: rulesOf(await ran(api, [get(query.connector)], via)) };
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/faults',
    id: 'setFaults',
    topic: faults,
    summary: `Sets the fault rules of connectors; those that they had go. ${ACTS}`,
    query: ONE_OR_ALL,
    body: ref('FaultRules'),
    answer: { status: 200, means: 'Rules by connector.', schema: ref('Faults') },
    problems: GONE,
    async answerTo(api, { query, body, via }) {
      const { rules, ...rest } = await body();
      const [odd] = Object.keys(rest);
      const isList = Array.isArray(rules) && rules.every((rule) => typeof rule === 'string');
      if (odd !== undefined || !isList)
        throw new BadRequest('The body is to be {"rules": ["rcpt 451 4.3.0 first 1"]}, with nothing beside rules.');
      return { json: rulesOf(await setFaults(api, query.connector, rules, via)) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/faults',
    id: 'clearFaults',
    topic: faults,
    summary: `Takes the fault rules of connectors away. ${ACTS}`,
    query: ONE_OR_ALL,
    answer: { status: 204, means: 'There are none.' },
    problems: GONE,
    async answerTo(api, { query, via }) {
      await setFaults(api, query.connector, [], via);
      return {};
    },
  }),
];
