/** A process that delivers messages until it is killed: says `ack ID` on stdout after each message that is safe. */
import { writeSync } from 'node:fs';
import { openDelivery } from '../../src/listener/delivery/delivery.ts';
import { homeAt } from '../../src/store/home.ts';
import { envelopeOf, serverWith } from './plain-scene.ts';

const home = homeAt(process.argv[2]!);
const run = process.argv[3]!;
const delivery = openDelivery(home, { write() {}, async close() {} }, () => serverWith());

async function client(number: number): Promise<void> {
  for (let i = 0; ; i++) {
    const id = `${run}-${number}-${i}`;
    const message = delivery.begin(envelopeOf('a@fabrikam.com', ['b@contoso.com']));
    await message.write(Buffer.from(`X-Id: ${id}\r\n\r\n`));
    // One in eight is large and goes through a file while it is received.
    const lines = number % 8 === 0 ? 3000 : 20;
    await message.write(Buffer.from(`${'0123456789'.repeat(7)}\r\n`.repeat(lines)));
    await message.write(Buffer.from('end\r\n'));
    const result = await message.commit(`<${id}>`);
    if (result.ok) writeSync(1, `ack ${id}\n`);
  }
}

for (let number = 0; number < 16; number++) void client(number);
