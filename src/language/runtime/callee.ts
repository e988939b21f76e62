/** What can be called: a function, a script block, a script file. Its code, and how its parameters are declared. */
import type { CalleeIn, CompiledBodyIn, FunctionParameterIn, ValueCheckIn } from './runnable.ts';
import type { Session } from './session.ts';

export type { SetMembership } from './runnable.ts';
export type Callee = CalleeIn<Session>;
export type CompiledBody = CompiledBodyIn<Session>;
export type FunctionParameter = FunctionParameterIn<Session>;
export type ValueCheck = ValueCheckIn<Session>;
