/** $PSCmdlet of an advanced function: ShouldProcess and what else scripts ask of it. */
import { CmdletError } from '../../pipeline/error.ts';
import { confirmed } from '../../pipeline/run.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';
import type { Binding } from './bind-parameters.ts';
import { ErrorRecord, failure } from './failure.ts';
import { thrown } from './throw.ts';

export class ScriptCmdlet extends PsObject {
  readonly #binding: Binding;

  constructor(binding: Binding, invocation: PsObject) {
    super('PSScriptCmdlet', { ParameterSetName: binding.parameterSet(), MyInvocation: invocation });
    this.#binding = binding;
  }

  /** Calls one of its methods. @throws CmdletError when it has none of that name */
  async invoke(method: string, args: readonly Value[]): Promise<Value | undefined> {
    const { session, callee } = this.#binding;
    switch (method.toLowerCase()) {
      case 'shouldprocess':
        return this.#shouldProcess(args.map((one) => printed(one)));
      case 'shouldcontinue':
        return this.#shouldContinue(printed(args[0]), printed(args[1]));
      case 'throwterminatingerror':
        throw thrown(args[0], session, true);
      case 'writeerror': {
        const error = args[0] instanceof ErrorRecord ? args[0].error : new CmdletError(printed(args[0]));
        session.report(error, callee.name);
        return undefined;
      }
      case 'writeverbose':
        if (session.preferences().verbose) session.host.writeVerbose(printed(args[0]));
        return undefined;
      case 'writewarning':
        session.host.writeWarning(printed(args[0]));
        return undefined;
      case 'tostring':
        return 'System.Management.Automation.PSScriptCmdlet';
      default:
        throw failure(
          'MethodNotFound',
          `Method invocation failed because [System.Management.Automation.PSScriptCmdlet] does not contain a method named '${method}'.`,
        );
    }
  }

  /** One text: what it is done to; two: to what, and what; three: the sentence itself. */
  async #shouldProcess(texts: readonly string[]): Promise<boolean> {
    const { session, callee } = this.#binding;
    const [target = '', action = callee.name] = texts;
    const sentence = texts.length > 2 ? target : `Performing the operation "${action}" on target "${target}".`;
    const { whatIf, verbose, confirm } = session.preferences();
    if (whatIf) {
      session.host.writeHost(`What if: ${sentence}`);
      return false;
    }
    const impact = callee.body.confirmImpact;
    const asks = confirm ?? impact === 'high';
    if (asks && impact !== 'none' && !(await this.#ask(sentence))) return false;
    if (verbose) session.host.writeVerbose(sentence);
    return true;
  }

  async #shouldContinue(query: string, caption: string): Promise<boolean> {
    return this.#ask(query, caption || 'Confirm');
  }

  #ask(sentence: string, caption?: string): Promise<boolean> {
    const { session, callee } = this.#binding;
    return confirmed(session.host, session.answers, sentence, callee.name, '-Confirm:$false', caption);
  }
}

/** Methods of $PSCmdlet may ask a person; others answer at once. */
export function isScriptCmdlet(value: unknown): value is ScriptCmdlet {
  return value instanceof ScriptCmdlet;
}
