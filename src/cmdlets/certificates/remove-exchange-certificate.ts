/** Remove-ExchangeCertificate: takes a certificate and its key out of the home's folder. */
import { certificatesNamed, readCertificates } from '../../certificates/certificate-folder.ts';
import { removeCertificate } from '../../certificates/certificate-store.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import type { Context } from '../../pipeline/context.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { certificatesMeant, type KnownCertificate, THUMBPRINT, thumbprintOf } from './certificate-object.ts';

export const removeExchangeCertificate = defineCmdlet({
  name: 'Remove-ExchangeCertificate',
  group: 'server',
  looksHere: true,
  summary: 'Remove a certificate and its key from the home’s folder',
  description:
    'The files are gone then: rc undo does not bring them back. One that a connector names, and no other certificate of that name, stays.',
  changes: 'high',
  input: 'needed',
  parameters: [THUMBPRINT],
  examples: [
    {
      command: 'rc remove-exchange-certificate 5113AE0233A72FCCB75B1D0198628675333D010E',
      language: 'Remove-ExchangeCertificate -Thumbprint 5113AE0233A72FCCB75B1D0198628675333D010E',
      does: 'Removes it after asking.',
    },
  ],
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *run(call) {
    const { context } = call;
    const folder = context.store.home.certificates;
    for await (const one of certificatesMeant(call)) {
      const thumbprint = thumbprintOf(one.leaf);
      const users = namedBy(context, one);
      if (users.length) {
        context.error(
          new CmdletError(
            `The certificate ${thumbprint} is named by ${users.join(', ')}, and no other has its name. First: Set-ReceiveConnector NAME -TlsCertificateName ''`,
            { id: 'CertificateInUse', category: 'InvalidOperation', target: thumbprint },
          ),
        );
        continue;
      }
      if (!(await context.shouldProcess(`Removing certificate "${thumbprint}" (${one.file}) from ${folder}.`)))
        continue;
      try {
        removeCertificate(folder, one.file);
      } catch (error) {
        context.error(
          new CmdletError(`${one.file} cannot be removed (${(error as Error).message}).`, {
            id: 'RemoveCertificateFailed',
            target: thumbprint,
          }),
        );
      }
    }
  },
});

/** Connectors that would have no certificate without it. */
function namedBy(context: Context, one: KnownCertificate): string[] {
  const read = readCertificates(context.store.home.certificates);
  const without = { ...read, certificates: read.certificates.filter(({ file }) => file !== one.file) };
  const now = context.host.clock();
  return context.statement.draft.own
    .map((stored) => [stored.Name, String(stored.TlsCertificateName ?? '')] as const)
    .filter(
      ([, name]) => name && certificatesNamed(read, name, now).length && !certificatesNamed(without, name, now).length,
    )
    .map(([name]) => `"${name}"`);
}
