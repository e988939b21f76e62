/** The OpenAPI document is valid, and each route answers as its schema says: none is left out. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { ApiScene } from './scene.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document
let document: any;
let scene: ApiScene;
beforeAll(async () => {
  scene = await ApiScene.start();
  document = await (await fetch(`${scene.url}/openapi.json`)).json();
});
afterAll(() => scene?.stop());

test('it is OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  expect(validator.version).toBe('3.1');
});

test('each operation has its answers and problems, and an id of its own', () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(20);
  for (const { operation, path } of operations()) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
    const inPath = (operation.parameters ?? []).filter((one: { in: string }) => one.in === 'path');
    expect(inPath.map((one: { name: string }) => one.name)).toEqual(named);
    expect(operation.summary.length).toBeLessThan(160);
  }
});

function operations() {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    // biome-ignore lint/suspicious/noExplicitAny: a document
    Object.entries(methods as any).map(([method, operation]: [string, any]) => ({ path, method, operation })),
  );
}

test('every route answers by its schema, and its problems by theirs', async () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'document', ...document });
  const seen = new Set<string>();

  /** Asks, and compares with what the document says of this status. */
  const ask = async (id: string, path: string, body?: unknown, expected?: number) => {
    const { method, operation } = operations().find((one) => one.operation.operationId === id)!;
    const answer = await scene.ask(method.toUpperCase(), path, body);
    const said = operation.responses[answer.status];
    expect(said, `${id} ${answer.status} ${answer.text}`).toBeDefined();
    const success = Object.keys(operation.responses).find((status) => /^2/.test(status));
    expect([id, answer.status, answer.text.slice(0, 300)]).toEqual([
      id,
      expected ?? Number(success),
      answer.text.slice(0, 300),
    ]);
    const [type] = Object.keys(said.content ?? {});
    if (type === undefined) expect(answer.text).toBe('');
    else {
      expect(answer.type).toBe(type);
      if (/json/.test(type)) {
        const at = `document#/paths/${path_(operation)}/${method}/responses/${answer.status}/content/${type.replace('/', '~1').replace('+', '%2B')}/schema`;
        const validate = ajv.getSchema(at)!;
        expect(validate(answer.json), JSON.stringify(validate.errors)).toBe(true);
      }
    }
    seen.add(expected === undefined ? id : `${id} ${expected}`);
    return answer.json;
  };
  const path_ = (operation: { operationId: string }) =>
    operations()
      .find((one) => one.operation === operation)!
      .path.replaceAll('/', '~1')
      .replaceAll('{', '%7B')
      .replaceAll('}', '%7D');

  await ask('getStatus', '/v1/status');
  await scene.send('With a file', { attachments: [{ filename: 'a.txt', content: 'A' }], cc: 'Kim <kim@contoso.test>' });
  await scene.send('Plain');
  const { id } = await ask('waitForMessage', '/v1/messages/wait?subject=Plain');
  await ask('waitForMessage', '/v1/messages/wait?subject=nothing&timeout=10ms', undefined, 404);
  await ask('listMessages', '/v1/messages?limit=1');
  await ask('getMessage', `/v1/messages/${encodeURIComponent(id)}`);
  await ask('getMessage', '/v1/messages/none', undefined, 404);
  await ask('getRawMessage', '/v1/messages/latest/raw');
  const first = (await ask('listMessages', '/v1/messages?subject=file')).messages[0];
  expect(first.attachmentCount).toBe(1);
  await ask('listAttachments', `/v1/messages/${first.id}/attachments`);
  await ask('getAttachment', `/v1/messages/${first.id}/attachments/0`);
  await ask('getAttachment', `/v1/messages/${first.id}/attachments/9`, undefined, 404);
  await ask('removeMessage', `/v1/messages/${id}`);
  await ask('removeMessages', '/v1/messages');

  await ask('listConnectors', '/v1/connectors?name=Default*');
  await ask('listConnectors', '/v1/connectors?name=Nobody', undefined, 404);
  const bindings = [`127.0.0.1:${await freePort()}`];
  const relay = { Name: 'Relay', Bindings: bindings, RemoteIPRanges: ['10.0.0.0/8'] };
  await ask('createConnector', '/v1/connectors', relay);
  await ask('createConnector', '/v1/connectors', relay, 409);
  await ask('getConnector', '/v1/connectors/Relay');
  await ask('setConnector', '/v1/connectors/Relay', { MaxInboundConnection: 'Unlimited', MaxMessageSize: '1MB' });
  await ask('setConnector', '/v1/connectors/Relay', { MaxInboundConnection: 0 }, 400);
  await ask('setFaults', '/v1/faults?connector=Relay', { rules: ['rcpt 451 4.3.0 first 1'] });
  await ask('getFaults', '/v1/faults');
  await ask('clearFaults', '/v1/faults');
  await ask('removeConnector', '/v1/connectors/Relay');
  await ask('removeConnector', '/v1/connectors/Relay', undefined, 404);

  await scene.ask('PATCH', '/v1/connectors/Default%20EX', { MaxInboundConnectionPerSource: 1 });
  const held = await import('node:net').then(({ connect }) => connect(scene.port, '127.0.0.1'));
  await new Promise((resolve) => held.once('data', resolve));
  await expect(scene.send('Refused')).rejects.toThrow(/421/);
  const [session] = await ask('listSessions', '/v1/sessions');
  expect((await ask('listRefusals', '/v1/refusals'))[0].because[0].cause).toBe('MaxInboundConnectionPerSource');
  await ask('listEvents', '/v1/events?id=1021');
  await ask('endSession', `/v1/sessions/${session.id}?now=true`);
  await ask('endSession', '/v1/sessions/none', undefined, 404);

  const missing = operations()
    .map(({ operation }) => operation.operationId)
    .filter((one) => !seen.has(one));
  expect(missing).toEqual(['stream']); // does not end; stream.test.ts
});
