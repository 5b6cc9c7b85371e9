/** The farm's own trouble (an instrument is missing in the machine): the cell is `errored`, never `failed`. */
export class FarmError extends Error {
  override readonly name = 'FarmError';
}
