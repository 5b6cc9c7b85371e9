const sector = 512;
/** Of a floppy disk of 1.44 MB, the geometry that whoever reads FAT knows. */
const sectors = 2880;
const sectorsPerFat = 9;
const rootEntries = 224;
const rootAt = 1 + 2 * sectorsPerFat;
const dataAt = rootAt + (rootEntries * 32) / sector;
/** The last cluster of a file (FAT12). */
const endOfChain = 0xfff;

/** A file in the root folder of a {@link fatImage}. */
export interface FatFile {
  /** At most 13 ASCII characters, in the case that it is to have. */
  readonly name: string;
  readonly data: Buffer;
}

/**
 * A FAT12 file system with a label and a few small files, whose names keep their case (VFAT's long names). Cluster N is at
 * sector `dataAt + N - 2`. Pure. Throws a RangeError where the files do not fit.
 */
export function fatImage(label: string, files: readonly FatFile[]): Buffer {
  const image = Buffer.alloc(sectors * sector);
  writeBootSector(image, label);
  const fat = [0xff0, endOfChain];
  const root = [volumeEntry(label)];

  for (const [index, { name, data }] of files.entries()) {
    const first = fat.length;
    const clusters = Math.max(1, Math.ceil(data.length / sector));
    const start = (dataAt + first - 2) * sector;
    if (start + clusters * sector > image.length || name.length > 13) {
      throw new RangeError(`${name} does not fit on a disk of ${image.length} bytes`);
    }
    data.copy(image, start);
    fat.push(...Array.from({ length: clusters - 1 }, (_, next) => first + next + 1), endOfChain);
    root.push(...fileEntries(name, `FILE~${index + 1}`.padEnd(11), first, data.length));
  }

  const table = packed(fat);
  table.copy(image, sector);
  table.copy(image, (1 + sectorsPerFat) * sector);
  Buffer.concat(root).copy(image, rootAt * sector);
  return image;
}

function writeBootSector(image: Buffer, label: string): void {
  image.set([0xeb, 0x3c, 0x90]);
  image.write('MSDOS5.0', 3, 'ascii');
  image.writeUInt16LE(sector, 11);
  image.set([1, 1, 0, 2], 13);
  image.writeUInt16LE(rootEntries, 17);
  image.writeUInt16LE(sectors, 19);
  image[21] = 0xf0;
  image.writeUInt16LE(sectorsPerFat, 22);
  image.writeUInt16LE(18, 24);
  image.writeUInt16LE(2, 26);
  image[38] = 0x29;
  image.writeUInt32LE(0x6b617461, 39);
  image.write(label.padEnd(11), 43, 'ascii');
  image.write('FAT12   ', 54, 'ascii');
  image.set([0x55, 0xaa], 510);
}

function volumeEntry(label: string): Buffer {
  const entry = Buffer.alloc(32);
  entry.write(label.padEnd(11), 0, 'ascii');
  entry[11] = 0x08;
  return entry;
}

/** A long name's entry, and the short one that it belongs to by its checksum. */
function fileEntries(name: string, short: string, cluster: number, size: number): readonly Buffer[] {
  const entry = Buffer.alloc(32);
  entry.write(short, 0, 'ascii');
  entry[11] = 0x20;
  entry.writeUInt16LE(cluster, 26);
  entry.writeUInt32LE(size, 28);

  const long = Buffer.alloc(32);
  const letters = [...name].map((letter) => letter.charCodeAt(0));
  const padded = letters.length < 13 ? [...letters, 0] : letters;
  const places = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];
  for (const [index, place] of places.entries()) {
    long.writeUInt16LE(padded[index] ?? 0xffff, place);
  }
  long[0] = 0x41;
  long[11] = 0x0f;
  long[13] = [...Buffer.from(short, 'ascii')].reduce(
    (sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff,
    0,
  );
  return [long, entry];
}

/** Two entries of twelve bits in three bytes. */
function packed(fat: readonly number[]): Buffer {
  const bytes = Buffer.alloc(sectorsPerFat * sector);
  for (const [index, value] of fat.entries()) {
    const at = Math.floor((index * 3) / 2);
    const known = bytes.readUInt16LE(at);
    bytes.writeUInt16LE(index % 2 === 0 ? (known & 0xf000) | value : (known & 0x000f) | (value << 4), at);
  }
  return bytes;
}
