// node --test, with a listener that ends with the test.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createTransport } from 'nodemailer';
import { startListener } from 'receive-connector';

test('recipients over the limit are refused, the others get it', async (t) => {
  const listener = await startListener({ connectors: { Default: { MaxRecipientsPerMessage: 1 } } });
  t.after(() => listener.stop());
  const transport = createTransport({ host: '127.0.0.1', port: listener.port });
  const { rejected } = await transport.sendMail({ from: 'a@b.c', to: ['one@d.e', 'two@d.e'], subject: 'x', text: 'y' });
  assert.deepEqual(rejected, ['two@d.e']);
  assert.deepEqual((await listener.waitForMessage()).envelope.to, ['one@d.e']);
});
