import type { Engine } from './engine.ts';
import { imagesWith, removeImage, removeNameless } from './engine-images.ts';
import { isForsaken, label } from './labels.ts';
import { removeContainer } from './machine.ts';

/**
 * Removes what dead farms of this host left on an engine: containers with their volumes, and templates that were to go
 * with their runs. Little is: a container ends when nobody holds its input any more. Returns what that was, in words.
 */
export async function reapEngine({ docker }: Engine): Promise<readonly string[]> {
  const reaped: string[] = [];
  const owned = JSON.stringify({ label: [label.owner] });
  for (const { Id, Names, Labels } of await docker.listContainers({ all: true, filters: owned })) {
    if (isForsaken(Labels[label.owner])) {
      await removeContainer(docker.getContainer(Id));
      reaped.push(`container ${Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12)}`);
    }
  }
  for (const image of await imagesWith(docker, { [label.owner]: undefined })) {
    if (isForsaken(image.labels[label.owner]) && (await removeImage(docker, image)) === 'removed') {
      // Podman puts a registry before names that have none.
      const name = image.tag?.replace(/^[\w.-]+\/(?=katafarm\/)/, '');
      reaped.push(`image ${name ?? image.engineId.slice(0, 19)}`);
    }
  }
  const nameless = await removeNameless(docker, { [label.kind]: undefined });
  reaped.push(...(nameless > 0 ? [`${nameless} images whose names newer ones have`] : []));
  const { Volumes } = await docker.listVolumes();
  for (const { Name, Labels } of Volumes ?? []) {
    if (isForsaken(Labels?.[label.owner])) {
      const gone = await docker
        .getVolume(Name)
        .remove()
        .then(
          () => [`volume ${Name.slice(0, 12)}`],
          () => [],
        );
      reaped.push(...gone);
    }
  }
  return reaped;
}
