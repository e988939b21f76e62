// The way in: the token that rc serve printed.
import { h, setText } from './parts/dom.ts';
import { signIn } from './server.ts';

/** @param problem what is wrong so far @param entered called when the token was right */
export function signInForm(problem: string, entered: () => void) {
  const input = h('input', {
    id: 'token',
    type: 'password',
    autocomplete: 'current-password',
    spellcheck: 'false',
    required: true,
    'aria-describedby': 'token-help token-problem',
  });
  const said = h('p', { id: 'token-problem', class: 'field-error', role: 'alert' }, problem);
  const form = h(
    'form',
    {
      class: 'sign-in',
      onsubmit: async (event: Event) => {
        event.preventDefault();
        const wrong = await signIn(input.value).catch(() => 'The listener does not answer.');
        if (!wrong) return entered();
        setText(said, wrong);
        input.select();
      },
    },
    h('img', { src: '/icon.svg', alt: '', width: '40', height: '40' }),
    h('h1', {}, 'Receive connectors'),
    h('label', { for: 'token' }, 'Token'),
    input,
    said,
    h('button', { class: 'main' }, 'Sign in'),
    h(
      'p',
      { id: 'token-help', class: 'quiet' },
      'rc serve printed a link with the token when it started. It is also in the file web.token of its home folder.',
    ),
  );
  return { node: h('main', {}, form), input };
}
