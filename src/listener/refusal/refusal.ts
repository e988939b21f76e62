/** A refusal: what the client is told, and why. Made by whoever judges; everything that is said or counted of it reads this value. */
import type { Cause } from '../../domain/cause.ts';
import type { Rejection } from './reply.ts';

export interface Refusal {
  readonly reply: Rejection;
  readonly because: Cause;
}
