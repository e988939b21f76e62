/** Words that people type behind `rc` and that are no command of it: what they want, and what to type for it. */

import { byName } from '../text/by-name.ts';

export const WORDS = byName({
  'start run up':
    'To run the listener: rc serve here, rc serve --detach in the background, or as a service: rc init systemd.',
  'restart commit write':
    'Every change holds at once, without a restart: rc set … --wait returns when the listener obeys. To start it anew all the same: rc stop, then rc serve --detach.',
  'logs log tail journal':
    'What the listener tells: rc get-event --last 1h. What became of messages: rc get-message-tracking-log. What was said on the wire: the folder "protocol" of the home, once rc set NAME --protocol-logging-level Verbose is done.',
  'edit update modify change config configure':
    'To change settings: rc set NAME --max-message-size 50MB. Many at once: rc export --path FILE, edit it, rc import FILE.',
  'rename mv move': 'To rename a connector: rc set NAME --name NEW.',
  'enable on': 'To let a connector listen: rc set NAME --enabled true.',
  'disable off pause suspend': 'To let a connector listen no more: rc set NAME --enabled false.',
  'test try check verify lint diagnose':
    'Would a client be let in: rc why --from 10.1.2.3. What is wrong with the settings: rc doctor. Could the listener start: rc serve --check. A file before it is imported: rc validate FILE.',
  'health ping ready alive info': 'How the listener does: rc status; its exit status is 1 when none runs.',
  'kill quit exit shutdown down': 'To end the listener: rc stop.',
  'refresh hup reread': 'The listener sees every change by itself. To make it read the store now: rc reload.',
  'revert rollback back': 'To take back the last change: rc undo. To see what was changed: rc history.',
  redo: 'An undo is a change as well: rc undo takes it back.',
  'backup save dump': 'To write all settings into a file: rc export --path FILE.',
  'load reset':
    'To read settings out of a file: rc import FILE. To go back to how the store was: rc history, then rc undo --to 2.',
  'watch monitor live stats': 'To watch the running listener: rc top. One screen: rc status.',
  'page ui dashboard browser': 'The page of the running listener: rc web.',
  'refused rejected blocked denied':
    'Who was refused, and why: rc get-source, rc get-event --last 1h, rc why --from 10.1.2.3.',
  'block allow deny permit':
    'Who may connect is what a connector’s RemoteIPRanges say: rc set NAME --add-remote-ip-ranges 10.1.2.3, or --remove-remote-ip-ranges.',
  'queue mailq flush queues': 'Nothing is queued: a message is delivered or handed on while the client waits.',
  'sendmail mail':
    'To send a message: rc send. Mail that came in: rc get-message. To try whether mail comes through: rc test-smtp-connectivity.',
  'user adduser useradd passwd':
    'Users: rc get-smtp-user, rc new-smtp-user NAME, rc set-smtp-user NAME, rc remove-smtp-user NAME.',
  domain: 'Accepted domains: rc get-accepted-domain, rc new-accepted-domain contoso.com.',
  connector: 'Connectors: rc get, rc set, rc new, rc copy, rc remove.',
  'man manual docs': 'The manual: rc help COMMAND, or man rc.',
  'completion completions': 'Completion: eval "$(rc init bash)"; zsh, fish and pwsh likewise.',
  'install setup daemon service enable-service': 'As a service: rc init systemd (rc help init has the others).',
  'search find grep':
    "To find connectors: rc get 'default*', rc get | rc where MaxMessageSize -gt 30MB. Which takes a client: rc which 10.1.2.3.",
  'override overrides set-override add-override set-connectoroverride set-connector-override exempt exception':
    'Limits of one address: rc get-override; rc new-override NAME 10.1.2.3 --max-inbound-per-source 200 gives them, and changes those that are there; rc remove-override NAME 10.1.2.3.',
  'describe details view':
    'All settings of a connector: rc get NAME | rc format-list. What one means: rc help MaxMessageSize.',
  'limits quota quotas throttle':
    'How near each source is to its limit: rc usage; which limit that is: rc get-source. To change one: rc set NAME --max-inbound-per-source 100.',
  connections: 'Open connections: rc get-session; by source: rc get-source.',
});

/** What to type for a word that is no command, as sentences; `undefined` when nothing is known of it. */
export function hintFor(word: string): string | undefined {
  return WORDS.get(word.toLowerCase());
}
