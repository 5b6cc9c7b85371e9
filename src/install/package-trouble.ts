/** A mirror failed as often as it was tried: the farm's trouble, whatever the packages are. */
export class MirrorTrouble extends Error {
  override readonly name = 'MirrorTrouble';
}

/** Another one holds the package manager, and doesn't let go of it. */
export class ManagerHeld extends Error {
  override readonly name = 'ManagerHeld';
}
