/** ConvertTo-SecureString and ConvertFrom-SecureString: texts that no output shows. */
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { SecureString } from '../../pipeline/secure-string.ts';
import { printed, type Value } from '../../pipeline/value.ts';

export const convertToSecureString = defineCmdlet({
  name: 'ConvertTo-SecureString',
  group: 'language',
  summary: 'Make a text one that no output shows',
  description: 'Of plain text only: what Windows encrypted for one of its users cannot be read elsewhere.',
  input: 'optional',
  parameters: [
    { name: 'String', type: 'value', position: 0, pipeline: true, help: 'The text.' },
    { name: 'AsPlainText', type: 'switch', help: 'The text is what it is, and not encrypted.' },
    { name: 'Force', type: 'switch', help: 'Taken.' },
    { name: 'Key', type: 'value', placeholder: 'BYTES', help: 'Not supported.' },
    { name: 'SecureKey', type: 'value', placeholder: 'KEY', help: 'Not supported.' },
  ],
  examples: [
    {
      command: "rc -c '$p = ConvertTo-SecureString $args[0] -AsPlainText -Force; $p.Length' abc",
      language: '$p = ConvertTo-SecureString $text -AsPlainText -Force',
      does: 'Keeps a password that a script has.',
    },
  ],
  async *run(call) {
    const { AsPlainText, String: given } = call.arguments;
    for await (const value of given === undefined ? (call.input ?? []) : [given]) {
      const text = printed(value as Value);
      if (text === '')
        throw new CmdletError("Cannot bind argument to parameter 'String' because it is an empty string.", {
          kind: 'usage',
          id: 'ParameterArgumentValidationErrorEmptyStringNotAllowed',
        });
      if (!AsPlainText || call.has('Key') || call.has('SecureKey'))
        throw new CmdletError(
          'Only plain text becomes a SecureString here: ConvertTo-SecureString … -AsPlainText -Force, or Read-Host -AsSecureString.',
          { id: 'ImportSecureString_InvalidArgument', category: 'InvalidArgument' },
        );
      yield new SecureString(text);
    }
  },
});

export const convertFromSecureString = defineCmdlet({
  name: 'ConvertFrom-SecureString',
  group: 'language',
  summary: 'Give the text of a SecureString, when it is asked for as plain text',
  input: 'optional',
  parameters: [
    {
      name: 'SecureString',
      type: 'value',
      position: 0,
      pipeline: true,
      placeholder: 'SECURESTRING',
      help: 'What Read-Host -AsSecureString or ConvertTo-SecureString gave.',
    },
    { name: 'AsPlainText', type: 'switch', help: 'Gives the text itself.' },
  ],
  examples: [
    {
      command:
        "rc -c '$p = ConvertTo-SecureString $args[0] -AsPlainText -Force; ConvertFrom-SecureString $p -AsPlainText' abc",
      language: 'ConvertFrom-SecureString $p -AsPlainText',
      does: 'Gives the text.',
    },
  ],
  async *run(call) {
    const given = call.arguments.SecureString;
    for await (const value of given === undefined ? (call.input ?? []) : [given]) {
      if (!(value instanceof SecureString))
        throw new CmdletError('ConvertFrom-SecureString takes what Read-Host -AsSecureString gave.', { kind: 'usage' });
      if (!call.arguments.AsPlainText)
        throw new CmdletError('Nothing is encrypted here: ConvertFrom-SecureString $p -AsPlainText gives the text.', {
          id: 'EncryptionNotSupported',
          category: 'NotImplemented',
        });
      yield value.reveal();
    }
  },
});
