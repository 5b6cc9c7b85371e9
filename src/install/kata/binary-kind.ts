import { open } from 'node:fs/promises';

/** `e_machine` of an ELF header (elf.h), by the names that people use. */
const machines: Readonly<Record<number, string>> = {
  3: 'i386',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
};

/** What a file is, as far as its first bytes tell; `fault` in words that follow "it". */
export type BinaryKind =
  | { readonly kind: 'program' | 'vmlinux' | 'bzImage' }
  | { readonly kind: 'other'; readonly fault: string };

/** Looks at a program or kernel for amd64. Throws what opening and reading do. */
export async function binaryKind(path: string): Promise<BinaryKind> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0);
  const head = buffer.subarray(0, bytesRead);

  if (head.toString('latin1', 0, 4) === '\x7fELF' && head.length >= 64) {
    return elfKind(head);
  }
  // Documentation/arch/x86/boot.rst: boot_flag at 0x1fe, header at 0x202.
  if (head.toString('latin1', 0x202, 0x206) === 'HdrS' && head.readUInt16LE(0x1fe) === 0xaa55) {
    return { kind: 'bzImage' };
  }
  // Documentation/arch/arm64/booting.rst.
  if (head.toString('latin1', 56, 60) === 'ARM\x64') {
    return { kind: 'other', fault: 'is a kernel for arm64, and machines are amd64' };
  }
  return { kind: 'other', fault: head.length === 0 ? 'is empty' : 'is neither an ELF program nor a kernel' };
}

/** Fields of the ELF header: EI_CLASS, EI_DATA, e_type, e_machine, and where the program would begin. */
function elfKind(head: Buffer): BinaryKind {
  const isLittle = head[5] === 1;
  const machine = isLittle ? head.readUInt16LE(18) : head.readUInt16BE(18);
  if (machine !== 62 || head[4] !== 2 || !isLittle) {
    return {
      kind: 'other',
      fault: `is for ${machines[machine] ?? `machine ${machine}`}, and machines are amd64`,
    };
  }
  const type = head.readUInt16LE(16);
  if (type !== 2 && type !== 3) {
    return { kind: 'other', fault: 'is an object file or a core dump, and no program' };
  }
  return { kind: loadsOf(head).some((address) => address >= kernelSpace) ? 'vmlinux' : 'program' };
}

/** Documentation/arch/x86/x86_64/mm.rst: from here up it is the kernel's, and no program can be linked to it. */
const kernelSpace = 0xffff_8000_0000_0000n;

/** To which addresses an ELF file is linked: `p_vaddr` of its PT_LOAD segments, as far as they are in its head. */
function loadsOf(head: Buffer): readonly bigint[] {
  const [start, size, count] = [
    Number(head.readBigUInt64LE(32)),
    head.readUInt16LE(54),
    head.readUInt16LE(56),
  ];
  const all = Array.from({ length: count }, (_, index) => start + index * size);
  return all
    .filter((at) => at + 24 <= head.length && head.readUInt32LE(at) === 1)
    .map((at) => head.readBigUInt64LE(at + 16));
}
