import { basename } from 'node:path';
import type { ScenarioContext } from '../../src/scenario.ts';
import { type Ended, endedIn, notBuilt, notInstalled } from './build-failure.ts';
import { type BuildManager, buildManagers, newestOf } from './build-managers.ts';
import type { Recipe } from './build-recipes.ts';
import { classed } from './classed.ts';
import { FarmError } from './farm-error.ts';
import { told } from './told.ts';
import { workplace } from './workplace.ts';

/** Seconds of each part on hardware of speed 1: downloads of a few hundred MB; 20 minutes on two cores at the worst. */
const limits = { install: 900, fetch: 900, build: 5_400, trial: 60 } as const;

/** What a build and its packages take of the disk. */
const roomMiB = 5_000;

/**
 * Builds what a recipe says by the distro's own toolchain, and tries what came of it. Every text that runs is one that
 * people can type, as root in an empty folder, and is recorded as it ran: `build.commands`.
 */
export async function build(t: ScenarioContext, recipe: Recipe): Promise<void> {
  const { name, title } = recipe;
  const { arch, packageManager } = t.distro;
  const own = recipe.packages[packageManager];
  const manager = buildManagers[packageManager];
  if (!own || !manager) {
    t.skip(`nobody wrote down how ${title} is built with the packages of ${packageManager} yet`);
  }
  const at = await workplace(t, ['build']);
  const free = Number(await told(t.guest.$`cd ${at}; . ./build.sh; free_mib`));
  if (free < roomMiB) {
    throw new FarmError(
      `cannot build ${title}: the disk has ${free} MiB left of the ${roomMiB} that it takes`,
    );
  }

  const ran: string[] = [];
  const run = async (what: keyof typeof limits, step: string, text: string): Promise<Ended> => {
    ran.push(text);
    const words = await t.step(
      step,
      () => told(t.guest.$`cd ${at}; . ./machine.sh; . ./build.sh; run_text ${what} ${text}`),
      limits[what],
    );
    return endedIn(words);
  };

  const install = async (step: string, text: string): Promise<void> => {
    const ended = await run('install', step, text);
    if (ended.status !== 0) {
      throw notInstalled(ended);
    }
  };
  await install('read the package index', manager.refresh);
  const rust = recipe.rust ? await rustOf(t, manager) : [];
  await install(
    "install the distro's toolchain",
    manager.install([...own, ...rust, ...manager.common].toSorted()),
  );
  const toolchain = await toolchainOf(t, recipe, at);
  await t.fact('build.toolchain', toolchain);
  const source = await have(t, recipe, at, run);

  const text = `mkdir ${name}
tar --extract --file ${source} --directory ${name} --strip-components 1
cd ${name}
${recipe.build(arch)}
cd ..`;
  const built = await run('build', `build ${source}`, text);
  if (built.status !== 0) {
    throw notBuilt(title, toolchain, built);
  }
  await t.fact('build.seconds', built.seconds);

  const tried = await run('trial', 'try what was built', recipe.trial(arch).join('\n'));
  const lacking = recipe.asked(arch).filter((words) => !words.test(tried.log));
  if (tried.status !== 0 || lacking.length > 0) {
    const what = lacking.map(({ source: words }) => words.replaceAll(/[\^$"]/g, '').trim()).join(', ');
    throw classed(
      'built-lacks',
      `the ${title} that was built does not show what Kata asks of it: ${what}\n${tried.log}`,
    );
  }
  await t.fact('build.result', tried.log.split('\n')[0]?.trim() ?? '');
  // Last, so that what is recorded as commands is what a passed build ran, to its end.
  await t.fact('build.commands', ran.join('\n'));
}

/** The source's file in the machine: brought by whoever runs this, else fetched from its publisher. */
async function have(
  t: ScenarioContext,
  { name, url, title, version }: Recipe,
  at: string,
  run: (what: 'fetch', step: string, text: string) => Promise<Ended>,
): Promise<string> {
  const given = t.sources[name];
  const file = basename(given ?? url);
  const isBrought = given !== undefined && !/^https?:/.test(given);
  if (isBrought) {
    await t.step(`bring ${file}`, () => t.guest.push(given, `${at}/${file}`), limits.fetch);
  } else {
    const text = `curl --fail --silent --show-error --location --remote-name ${given ?? url}`;
    const fetched = await run('fetch', `fetch ${given === undefined ? `${title} ${version}` : file}`, text);
    if (fetched.status !== 0) {
      throw new FarmError(`cannot fetch ${given ?? url}: ${fetched.log}; bring it: --source ${name}=FILE`);
    }
  }
  const digest = await told(t.guest.$`cd ${at}; busybox sha256sum ${file}`);
  await t.fact('build.source', file);
  await t.fact('build.source-digest', `sha256:${digest.split(' ')[0]}`);
  await t.fact('build.source-from', isBrought ? 'brought' : (given ?? url));
  return file;
}

async function toolchainOf(t: ScenarioContext, { toolchain }: Recipe, at: string): Promise<string> {
  const versions = toolchain.map((command) => `${command} | head -n 1`).join('; ');
  const said = await t.step('ask the toolchain for its versions', () =>
    told(t.guest.$`cd ${at}; sh -c ${versions}`),
  );
  return (
    said
      .split('\n')
      .map((line) => line.replace(/\s*\(.*\)/, '').trim())
      // meson says its number alone.
      .map((line, index) => (/^\d/.test(line) ? `${toolchain[index]?.split(' ')[0]} ${line}` : line))
      .join(', ')
  );
}

/** The packages of the newest rustc, and its cargo, that the release has by its own account. */
async function rustOf(t: ScenarioContext, { versions, cargo }: BuildManager): Promise<readonly string[]> {
  const { rust = 'rustc', alternatives } = t.distro.toolchain;
  const names = [rust, ...(alternatives?.rust ?? [])];
  const told = await t.step('ask for its newest rustc', () => t.guest.$`sh -c ${versions(names)}`.text());
  const rustc = newestOf(told);
  if (rustc === undefined) {
    throw classed('not-packaged', `the distro has no package ${names.join(', nor ')}, which the build takes`);
  }
  return [cargo(rustc), rustc];
}
