import { UserError } from '../errors.ts';

/** A cluster would refuse these in words of its own, an hour later: shapes as https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ has them. */
const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const subdomain = new RegExp(`^${label}(?:\\.${label})*$`);
const resource = new RegExp(`^${label}(?:\\.${label})+/[A-Za-z0-9](?:[-\\w.]*[A-Za-z0-9])?$`);
const reference =
  /^[a-z0-9][\w.-]*(?::\d+)?(?:\/[a-z0-9][a-z0-9._-]*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

/** The image of a container, as a registry knows it. */
export function jobImage(text: string): string {
  if (!reference.test(text)) {
    throw new UserError(
      `cannot use --job-image "${text}": say a reference as docker pull takes it: registry.example/katafarm:2026-11-22`,
    );
  }
  return text;
}

/** The name of a PersistentVolumeClaim. */
export function claimName(text: string): string {
  if (!subdomain.test(text) || text.length > 253) {
    throw new UserError(
      `cannot use --claim "${text}": a claim's name is of small letters, digits, - and . alone, as in katafarm-journals`,
    );
  }
  return text;
}

/** How a pod gets `/dev/kvm`. */
export function kvmWay(text: string): string {
  if (text !== 'none' && text !== 'privileged' && !resource.test(text)) {
    throw new UserError(
      `cannot use --kvm "${text}": say none, privileged, or a device plugin's resource, as in devices.kubevirt.io/kvm`,
    );
  }
  return text;
}
