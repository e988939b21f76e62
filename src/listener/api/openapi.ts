/** The OpenAPI document (3.1), made of the rows that do the routing: it cannot say what the server does not do. */
import type { Route } from './route.ts';
import { COMPONENTS, ref, type Schema } from './schemas.ts';

/** Any request may be answered so. */
const ALWAYS: Readonly<Record<number, string>> = {
  400: 'A parameter or the body cannot be.',
  401: 'The token is missing or wrong.',
  403: 'Asked by the page of another site.',
  413: 'The body is too long.',
  415: 'The body is not application/json.',
  429: 'Too many wrong tokens.',
  500: 'A defect; the event log says more.',
  503: 'Too much at once, or the store cannot be written.',
};

export function openApi(routes: readonly Route[], version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Listener of receive-connector',
      version,
      description:
        'Messages that the listener took, its connectors and faults, and what happens. Every request but this document has the token: Authorization: Bearer TOKEN, of the file that rc serve --api names.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    tags: [...new Set(routes.map(({ topic }) => topic))].map((name) => ({ name })),
    paths,
    components: { schemas: COMPONENTS, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

function operation({ id, topic, summary, parts = {}, query, body, answer, problems }: Route): Schema {
  const inPath = Object.entries(parts).map(
    ([name, description]): Schema => ({
      ...{ name, in: 'path', required: true, description, schema: { type: 'string' } },
    }),
  );
  const inQuery = Object.entries(query).map(([name, { kind, help, usual }]): Schema => {
    const fixed = typeof usual === 'string' || (typeof usual === 'number' && kind.schema.type === 'integer');
    const schema = fixed ? { ...kind.schema, default: usual as string | number } : kind.schema;
    return { name, in: 'query', description: help, schema };
  });
  const parameters = [...inPath, ...inQuery];
  const problem = { 'application/problem+json': { schema: ref('Problem') } };
  const failures = Object.entries({ ...ALWAYS, ...problems }).map(([status, description]) => [
    status,
    { description, content: problem },
  ]);
  return {
    operationId: id,
    tags: [topic],
    summary: summary.length > 120 ? `${summary.slice(0, summary.indexOf('. ') + 1) || summary}` : summary,
    description: summary,
    ...(parameters.length ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: { [answer.status]: success(answer), ...Object.fromEntries(failures) },
  };
}

function success({ means, schema, type }: Route['answer']): Schema {
  if (!schema && !type) return { description: means };
  return { description: means, content: { [type ?? 'application/json']: { schema: schema ?? {} } } };
}
