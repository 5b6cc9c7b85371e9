import { z } from 'zod';
import { bases } from '../domain/evidence.ts';
import { stacks } from '../domain/stack.ts';
import type { ObjectOf } from './matrix-schema.ts';

/** What matrix.json keeps of runs and cells, and the pieces that its other parts are made of as well. */
export function evidenceSchema(object: ObjectOf) {
  const line = z.string().min(1);
  const time = z.iso.datetime();
  const date = z.iso.date();
  const basis = z.enum(bases);
  const variant = z.enum(['qemu:built', 'qemu:cloud', 'docker', 'ssh']);
  const stack = z.enum(stacks.map(({ id }) => id));
  const facts = z.record(z.string(), z.union([z.string(), z.number()]));
  const packages = z.record(z.string(), z.string());
  const cellId = z
    .string()
    .regex(/^[^/]+\/[^/]+\/[^/]+$/)
    .describe('RELEASE/STACK/SCENARIO, with several Katas RELEASE/STACK~KATA/SCENARIO');
  const status = z.enum(['passed', 'failed', 'errored', 'blocked', 'skipped']);
  const glance = { run: line, variant: variant.optional(), at: time, basis };
  const brief = {
    component: line,
    class: z.string().optional(),
    confidence: z.enum(['swap', 'table', 'fingerprint']).optional(),
    provenance: z.string().optional(),
  };

  const finding = object({
    ...brief,
    mender: z.string().optional(),
    because: z.array(z.string()),
    evidence: z.array(object({ file: line, line: z.number().int(), text: z.string() })),
    versions: facts,
  });

  const outcome = z.discriminatedUnion('status', [
    object({
      status: z.literal('passed'),
      flaky: z.literal(true).optional().describe('red first, green on a second clone'),
      degraded: z.array(z.string()).optional(),
    }),
    object({
      status: z.literal('failed'),
      step: z.string().optional(),
      class: z.string().optional(),
      message: z.string(),
      detail: z.string().optional(),
    }),
    object({
      status: z.literal('errored').describe("the farm's own trouble: no verdict"),
      phase: line,
      message: z.string(),
      detail: z.string().optional(),
    }),
    object({ status: z.literal('blocked'), by: cellId, message: z.string().optional() }),
    object({ status: z.literal('skipped'), because: z.string() }),
  ]);

  const knownIssue = object({
    id: line,
    title: line,
    class: line,
    evidence: line,
    kata: z.string().optional(),
    packages,
    scope: object({ releases: z.array(line), stacks: z.array(line), scenarios: z.array(line) }),
    tracker: line,
    confirmed: date,
    expires: date,
  });

  const distro = object({
    id: line,
    title: line,
    rolling: z.boolean(),
    eol: date.optional(),
    notes: z.array(z.string()),
  });

  const runNote = object({
    id: line,
    startedAt: time,
    host: facts,
    distros: z.array(distro),
    command: z.array(z.string()).optional().describe('the words after katafarm run that repeat it'),
    executed: z.number().int().optional(),
    packages: z.record(z.string(), packages).optional(),
    knownIssues: z.array(knownIssue).optional(),
  });

  const observation = object({
    cell: object({ id: cellId, distro: line, stack, kata: line.optional(), scenario: line }),
    run: line,
    kata: line.optional(),
    variant: variant.optional(),
    basis,
    at: time,
    outcome: outcome.optional().describe('missing: planned, and never run to its end'),
    attempts: z.array(status),
    facts,
    host: z.tuple([z.string(), z.string()]).optional(),
    template: z.string().optional(),
    finding: object(brief).optional(),
    known: z.array(z.string()).optional(),
  });

  const anchor = object({
    scenario: line,
    distro: line,
    stack: stack.optional(),
    basis,
    host: z.tuple([z.string(), z.string()]),
    at: time,
    run: line,
  });

  const nights = object({
    cell: cellId,
    variant,
    kata: line.optional(),
    basis,
    lines: z.array(line).describe('AT STATUS TEMPLATE RUN, oldest first'),
  });

  const evidence = object({
    runs: z.array(runNote),
    observations: z.array(observation),
    anchors: z.array(anchor).optional(),
    nights: z.array(nights).optional(),
    latest: z.record(z.string(), packages).optional(),
  }).describe('what the words rest on; publishing the next run adds to it');

  const issue = object({
    issue: knownIssue,
    state: z.enum(['open', 'fixed', 'closed', 'expired', 'unconfirmed']),
    red: z.array(cellId),
    green: z.array(cellId),
  });

  return { glance, cellId, issue, finding, line, evidence };
}
