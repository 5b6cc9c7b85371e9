/** Packages that can't be installed, whatever the mirror and the farm do: a verdict on them. */
export class Uninstallable extends Error {
  override readonly name = 'Uninstallable';
  /** The package manager's own words. */
  readonly detail: string;

  constructor(message: string, detail: string) {
    super(message);
    this.detail = detail;
  }
}
