import { Command } from 'commander';
import type { SpeedClass } from '../domain/speed.ts';
import { UserError } from '../errors.ts';
import type { Provider } from '../machine/machine.ts';
import { type Check, hostChecks, kvmChecks, toolChecks, userChecks } from './checks.ts';
import type { Context, Verb } from './context.ts';
import { providerOptionsOf } from './provider-options.ts';
import { engine, recommended, toolsFor } from './tool-table.ts';
import { ensureTools } from './tools.ts';

const examples = `
Examples:
  katafarm doctor            what is there, what is missing, how to get it
  katafarm doctor --yes      and install what is missing, by apt-get
  katafarm doctor --yes --docker
                             and a container engine, for --provider docker
  katafarm doctor --json     the same as one JSON value

Exit status: 0 all that is needed is there, 3 something is missing.
`;

/** What the doctor can say of accelerators. A stand-in tells a test's story. */
export type Accelerators = (context: Context) => Promise<readonly Check[]>;

/** Looks at the host and says what a run would find. */
export const doctor: Verb = (context) => doctorWith(context, measured);

/** A device node proves nothing, so a guest is booted under each accelerator, where there is a kernel to boot. */
async function measured(context: Context): Promise<readonly Check[]> {
  const nodes = await kvmChecks();
  const providers = await context.providers(providerOptionsOf(context, { accel: 'auto' }));
  try {
    const speeds = await Promise.all(
      providers
        .filter(isFirstOfItsKind)
        .map(async (provider) => lenient(provider, await speedCheck(provider, context))),
    );
    return [...nodes, ...speeds];
  } finally {
    await Promise.all(providers.map((provider) => provider[Symbol.asyncDispose]()));
  }
}

/** `qemu` and `qemu:cloud` make the same machines of other images: what one measures, the other would. */
function isFirstOfItsKind({ name }: Provider, index: number, all: readonly Provider[]): boolean {
  const kind = name.split(':')[0];
  return all.findIndex((one) => one.name.split(':')[0] === kind) === index;
}

const judgements: Readonly<Record<SpeedClass, Pick<Check, 'status' | 'remedy'>>> = {
  'kvm-nested': { status: 'ok' },
  kvm: {
    status: 'warn',
    remedy:
      'guests in machines have no KVM, so cells that need it error: put "options kvm_intel nested=1" ' +
      '(AMD: "options kvm_amd nested=1") into /etc/modprobe.d/kvm.conf and load the module anew, or run with --accel tcg',
  },
  'tcg+svm': { status: 'ok' },
  none: { status: 'missing' },
};

/** What nobody asked for may be missing. */
function lenient({ onRequest, name }: Provider, check: Check): Check {
  if (!onRequest || check.status !== 'missing') {
    return check;
  }
  const remedy = check.remedy ?? `none needed, but for --provider ${name}`;
  return { ...check, status: 'warn', remedy };
}

async function speedCheck(provider: Provider, { err, signal }: Context): Promise<Check> {
  const name = `machines by ${provider.name}`;
  try {
    const speed = await provider.measure((line) => err(`${line}\n`), signal);
    if (!speed) {
      const remedy = 'run a release once: its kernel is what the probe boots';
      return { name, status: 'warn', found: 'not measured: no image in the cache yet', remedy };
    }
    const found = `${speed.class}, limits times ${speed.factor}: ${speed.because}`;
    return { name, found, ...judgements[speed.class] };
  } catch (error) {
    if (!(error instanceof UserError)) {
      throw error;
    }
    return { name, status: 'missing', found: error.message };
  }
}

/** The verb, with `accelerators` asked for what this host's machines can do. */
export function doctorWith(context: Context, accelerators: Accelerators): Command {
  return new Command('doctor')
    .description('what this host has, what is missing, how to get it')
    .option('--yes', "install missing tools by the host's package manager")
    .option('--docker', 'with a container engine of this host, which --provider docker takes')
    .option('--json', 'one JSON value on stdout')
    .addHelpText('after', examples)
    .action(async ({ yes, json, docker }: { yes?: true; json?: true; docker?: true }) => {
      const more = [...recommended, ...(docker ? [engine] : [])];
      if (yes) {
        await ensureTools(context, { yes, needed: [...toolsFor(), ...more] });
      }

      const sections = {
        host: await hostChecks(context),
        user: await userChecks(),
        tools: [...(await toolChecks(context)), ...(await toolChecks(context, more, 'warn'))],
        accelerators: await accelerators(context),
      };
      const ok = Object.values(sections).every((checks) =>
        checks.every(({ status }) => status !== 'missing'),
      );

      context.out(json ? `${JSON.stringify({ ok, ...sections }, null, 2)}\n` : textOf(sections));
      context.exit(ok ? 0 : 3);
    });
}

const words = { ok: 'ok     ', warn: 'warn   ', missing: 'MISSING' };

function textOf(sections: Readonly<Record<string, readonly Check[]>>): string {
  return Object.entries(sections)
    .map(([section, checks]) => `${section}\n${checks.map(lineOf).join('')}`)
    .join('\n');
}

function lineOf({ name, status, found, remedy }: Check): string {
  const hint = remedy ? `           remedy: ${remedy}\n` : '';
  return `  ${words[status]}  ${name}: ${found}\n${hint}`;
}
