/**
 * The lock's delicate moments, each brought about on purpose: a file layer that lets something happen just before a call.
 * (Chance alone meets them too rarely: test/faults/processes.test.ts.)
 */
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Files, realFiles } from '../../src/store/files.ts';
import { sweepClaims, thisProcess, withLock } from '../../src/store/lock.ts';
import { tempHome } from './temp-home.ts';

const { realm } = thisProcess();
let number = 0;

/** A holder's name as lock.ts writes it: pid, start time, a number, boot and pid namespace. */
function holder(pid: number, started: string, where = realm): string {
  return `${pid}-${started}-${++number}-${where}`;
}

function startOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]!;
}

const deadPid = spawnSync('true').pid;
const dead = () => holder(deadPid, '1');
/** Our parent: it lives as long as we do. */
const alive = () => holder(process.ppid, startOf(process.ppid));

function lockPath(): string {
  const home = tempHome({ quick: true });
  realFiles.mkdirSync(home.folder, { recursive: true });
  return home.lock;
}

/** The real files; `before` is told of every call and may do things first. */
function watched(before: (call: string, path: string, args: unknown[]) => void): Files {
  return new Proxy(realFiles, {
    get(target, name: keyof Files) {
      return (...args: unknown[]) => {
        before(name, String(name === 'symlinkSync' ? args[1] : args[0]), args);
        return (target[name] as (...a: unknown[]) => unknown)(...args);
      };
    },
  });
}

const exists = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
const left = (path: string) => readdirSync(dirname(path)).filter((name) => name.startsWith('store.lock'));

describe('a dead holder’s lock', () => {
  const gone: [string, () => string][] = [
    ['no such process', dead],
    ['another process has its pid', () => holder(process.ppid, '1')],
    ['an older lock of this very process', () => holder(process.pid, thisProcess().started)],
  ];
  for (const [why, name] of gone) {
    it(`is taken away at once: ${why}`, () => {
      const path = lockPath();
      symlinkSync(name(), path);
      const begun = performance.now();
      expect(withLock(path, () => left(path))).toEqual(['store.lock']);
      expect(performance.now() - begun).toBeLessThan(5000);
      expect(left(path)).toEqual([]);
    });
  }

  it('in another pid namespace is taken away after four seconds without a sign of life', () => {
    const path = lockPath();
    symlinkSync(holder(process.ppid, startOf(process.ppid), 'abc-1'), path);
    const begun = performance.now();
    withLock(path, () => {});
    expect(performance.now() - begun).toBeGreaterThan(3900);
  });

  it('is taken away by one only: who comes late finds a fresh lock and leaves it', () => {
    const path = lockPath();
    symlinkSync(dead(), path);
    const fresh = alive();
    let others: 'not yet' | 'holds' | 'released' = 'not yet';
    let looks = 0;
    const files = watched((call, at) => {
      if (others === 'not yet' && call === 'symlinkSync' && at.includes('.break.')) {
        // Just before we claim: somebody else has taken the dead lock away, has removed its claim, and a third one holds the lock.
        unlinkSync(path);
        symlinkSync(fresh, path);
        others = 'holds';
      } else if (others === 'holds' && call === 'symlinkSync' && at === path && ++looks === 5) {
        expect(readlinkSync(path)).toBe(fresh);
        unlinkSync(path);
        others = 'released';
      }
    });
    withLock(path, () => expect(others).toBe('released'), files);
    expect(left(path)).toEqual([]);
  });

  it('whose claimant is dead too passes to the next, who leaves nothing behind', () => {
    const path = lockPath();
    const [holderName, claimant, second] = [dead(), dead(), dead()];
    symlinkSync(holderName, path);
    symlinkSync(claimant, `${path}.break.${holderName}`);
    symlinkSync(second, `${path}.break.${claimant}`);
    withLock(path, () => expect(left(path)).toEqual(['store.lock']));
    expect(left(path)).toEqual([]);
  });

  it('whose claimant lives is left to that one', () => {
    const path = lockPath();
    const holderName = dead();
    const claim = `${path}.break.${holderName}`;
    symlinkSync(holderName, path);
    symlinkSync(alive(), claim);
    let looks = 0;
    const files = watched((call, at) => {
      if (call !== 'symlinkSync' || at !== path || ++looks !== 6) return;
      expect(readlinkSync(path)).toBe(holderName);
      unlinkSync(path); // the claimant does its work
      unlinkSync(claim);
    });
    withLock(path, () => expect(looks).toBeGreaterThanOrEqual(6), files);
  });

  it('two claimants after each other: the second, made before the first was done, does no harm', () => {
    const path = lockPath();
    const [holderName, claimant] = [dead(), dead()];
    symlinkSync(holderName, path);
    symlinkSync(claimant, `${path}.break.${holderName}`);
    const fresh = alive();
    let released = false;
    let done = false;
    let looks = 0;
    const files = watched((call, at) => {
      if (!done && call === 'symlinkSync' && at === `${path}.break.${claimant}`) {
        // Just before our claim on the dead claimant: another heir has done it all, and the lock is somebody's.
        done = true;
        unlinkSync(path);
        unlinkSync(`${path}.break.${holderName}`);
        symlinkSync(fresh, path);
      } else if (done && !released && call === 'symlinkSync' && at === path && ++looks === 5) {
        expect(readlinkSync(path)).toBe(fresh);
        unlinkSync(path);
        released = true;
      }
    });
    withLock(path, () => expect(released).toBe(true), files);
  });
});

describe('a live holder’s lock', () => {
  it('is waited for, and is not ours when somebody took it for dead', () => {
    const path = lockPath();
    withLock(path, (stillOurs) => {
      expect(stillOurs()).toBe(true);
      unlinkSync(path);
      symlinkSync(alive(), path);
      expect(stillOurs()).toBe(false);
    });
    expect(exists(path), 'the other one’s lock stays').toBe(true);
  });

  it('that is no lock at all is waited for too, until somebody removes it', () => {
    const path = lockPath();
    writeFileSync(path, '');
    let asked = 0;
    const files = watched((call, at) => {
      if (call === 'symlinkSync' && at === path && ++asked === 20) unlinkSync(path);
    });
    withLock(path, () => expect(asked).toBe(20), files);
  });

  it('leaves claims of killed waiters to the next holder, who sweeps them', () => {
    const path = lockPath();
    symlinkSync(dead(), `${path}.break.${dead()}`);
    withLock(path, () => sweepClaims(path, readdirSync(dirname(path))));
    expect(left(path)).toEqual([]);
  });
});
