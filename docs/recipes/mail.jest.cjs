// jest: the same, with require.
const { createTransport } = require('nodemailer');
const { startListener } = require('receive-connector');

let listener;
beforeAll(async () => {
  listener = await startListener();
});
afterAll(() => listener.stop());

test('too many connections are refused', async () => {
  await listener.set('*', { MaxInboundConnectionPerSource: 1 });
  const transport = createTransport({ host: '127.0.0.1', port: listener.port, pool: true, maxConnections: 2 });
  const mail = { from: 'a@contoso.com', to: 'b@contoso.com', subject: 'x', text: 'y' };
  await Promise.allSettled([transport.sendMail(mail), transport.sendMail(mail)]);
  transport.close();
  expect(listener.events(1021)).toHaveLength(1);
});
