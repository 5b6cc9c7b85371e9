/**
 * What the probe measured of this host's machines, from best to worst. `kvm-nested`: hardware KVM, and a guest
 * inside the guest comes up under KVM as well; `kvm`: only the guest does; `tcg+svm`: emulated, with emulated SVM
 * (on arm64: EL2) inside, so that nested KVM works at emulation's speed; `none`: nothing nested can be had.
 */
export type SpeedClass = 'kvm-nested' | 'kvm' | 'tcg+svm' | 'none';

export interface Speed {
  readonly class: SpeedClass;
  readonly accelerator: 'kvm' | 'tcg';
  /** By which every limit is stretched: 1 on hardware KVM, what was measured elsewhere. */
  readonly factor: number;
  /** Why this accelerator was taken, in words. */
  readonly because: string;
}
