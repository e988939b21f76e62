// vitest: a listener for the file, empty for every test.
import { createTransport } from 'nodemailer';
import { startListener } from 'receive-connector';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

let listener;
beforeAll(async () => {
  listener = await startListener();
});
beforeEach(() => listener.clear());
afterAll(() => listener.stop());

const send = (message) =>
  createTransport({ host: '127.0.0.1', port: listener.port }).sendMail({ from: 'shop@contoso.com', ...message });

test('the customer gets an invoice', async () => {
  await send({ to: 'bob@contoso.com', subject: 'Invoice 4711', text: 'Thank you.' });
  const mail = await listener.waitForMessage({ to: 'bob@contoso.com' });
  expect(mail.subject).toBe('Invoice 4711');
});

test('what is refused for now is taken later', async () => {
  await listener.set('*', { FaultRules: ['mail 451 4.7.500 "Server busy" first 1'] });
  await expect(send({ to: 'bob@contoso.com', subject: 'x', text: 'y' })).rejects.toThrow('451');
  await send({ to: 'bob@contoso.com', subject: 'x', text: 'y' });
  expect(await listener.messages()).toHaveLength(1);
  await listener.set('*', { FaultRules: [] });
});
