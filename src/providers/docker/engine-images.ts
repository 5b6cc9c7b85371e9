import type Docker from 'dockerode';
import type { ImageInfo } from 'dockerode';
import { isConflict, isMissing } from './engine.ts';
import { type LabelKind, type Labels, label } from './labels.ts';

/** An image of the farm's on an engine. */
export interface EngineImage {
  /** The engine's own id. */
  readonly engineId: string;
  /** By which it is removed; missing: a newer one of the same name took that from it. */
  readonly tag?: string;
  readonly labels: Labels;
  /** With all that it rests on. */
  readonly bytes: number;
}

/** The images that have these labels and a name, the newest first. */
export async function imagesWith(
  docker: Docker,
  wanted: Readonly<Record<string, string | undefined>>,
): Promise<readonly EngineImage[]> {
  // Podman 4.3 finds nothing by two labels at once: the engine is asked for ours, and the rest is seen to here.
  const found = await docker.listImages({ filters: JSON.stringify({ label: [label.kind] }) });
  return found
    .filter(({ Labels: has }) =>
      Object.entries(wanted).every(([name, value]) =>
        value === undefined ? has?.[name] !== undefined : has?.[name] === value,
      ),
    )
    .toSorted((a, b) => b.Created - a.Created)
    .map(read);
}

function read({ Id, RepoTags, Labels: labels, Size }: ImageInfo): EngineImage {
  const tag = RepoTags?.find((one) => one !== '<none>:<none>');
  return { engineId: Id, ...(tag && { tag }), labels: labels ?? {}, bytes: Size };
}

/** An image's name on the engine: short, as people see it in `docker images`. */
export function tagOf(
  kind: LabelKind,
  distro: string,
  id: string,
): { readonly repo: string; readonly tag: string } {
  const name = distro.toLowerCase().replaceAll(/[^a-z0-9._-]/g, '-');
  return { repo: `katafarm/${name}`, tag: `${kind}-${id.replaceAll(/[^A-Za-z0-9_.-]/g, '-').slice(0, 40)}` };
}

/** Keeps a container's state as an image; resolves with the engine's id of it. */
export async function commit(
  container: Docker.Container,
  kind: LabelKind,
  id: string,
  labels: Labels,
): Promise<string> {
  const { repo, tag } = tagOf(kind, labels[label.distro] ?? 'of-none', id);
  // A container's own labels would go on otherwise.
  const all = { ...noLabels, ...labels, [label.kind]: kind, [label.id]: id };
  const query = { container: container.id, repo, tag, pause: true, changes: changesOf(all) };
  const made = (await container.commit({ _query: query, _body: { Labels: all } } as object)) as {
    Id: string;
  };
  return made.Id;
}

/** Labels as engines take them with what is imported or committed: one change each, as Podman reads the first line alone. */
export function changesOf(labels: Labels): string[] {
  return Object.entries(labels).map(([name, value]) => `LABEL ${name}=${JSON.stringify(value)}`);
}

/** What a container is labelled by is not its image's. */
const noLabels: Labels = { [label.owner]: '', [label.run]: '' };

/** Removes images of these labels that have lost their name to a newer one, unless something rests on them; how many went. */
export async function removeNameless(
  docker: Docker,
  wanted: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  let gone = 0;
  for (const image of await imagesWith(docker, wanted)) {
    if (image.tag === undefined && (await removeImage(docker, image)) === 'removed') {
      gone += 1;
    }
  }
  return gone;
}

/** Removes an image by its name; `in use` where containers rest on it. Gone already is removed. */
export async function removeImage(
  docker: Docker,
  { tag, engineId }: EngineImage,
): Promise<'removed' | 'in use'> {
  try {
    await docker.getImage(tag ?? engineId).remove();
    return 'removed';
  } catch (error) {
    if (isMissing(error)) {
      return 'removed';
    }
    if (isConflict(error)) {
      return 'in use';
    }
    throw error;
  }
}
