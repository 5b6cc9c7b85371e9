import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';
import { workplace } from '../parts/workplace.ts';

/** KVM_GET_API_VERSION, KVM_CREATE_VM, KVM_CREATE_VCPU of linux/kvm.h, without any VMM. */
const probe = `
  sub said { my ($what, $value) = @_; defined $value or die "$what: $!\\n"; return $value + 0 }
  open my $kvm, "+<", "/dev/kvm" or die "cannot open /dev/kvm: $!\\n";
  print "kvm.api=", said("KVM_GET_API_VERSION", ioctl $kvm, 0xAE00, 0), "\\n";
  open my $vm, "+<&=", said("KVM_CREATE_VM", ioctl $kvm, 0xAE01, 0) or die "cannot use the VM: $!\\n";
  said("KVM_CREATE_VCPU", ioctl $vm, 0xAE41, 0);
  print "vcpu=made\\n";`;

export default {
  title: 'The kernel makes virtual machines',
  on: ['host'],
  needs: { devices: ['/dev/kvm'], kernel: true },
  stepSeconds: 15,

  async run(t) {
    const at = await workplace(t);

    const module = await t.step("load the CPU's KVM module", () =>
      told(t.guest.$`cd ${at}; . ./machine.sh
        case ${t.distro.arch} in
          arm64) module=kvm ;;
          *)
            flag=$(grep -m 1 -ow -E 'svm|vmx' /proc/cpuinfo) || fail 'the CPU shows neither svm nor vmx'
            case $flag in svm) module=kvm_amd ;; vmx) module=kvm_intel ;; esac
            ;;
        esac
        modprobe "$module" 2>modprobe.log || fail "modprobe $module failed" "$(last modprobe.log)" "$(dmesg | grep -i kvm | tail -n 3)"
        echo "kvm.module=$module"
        nested=/sys/module/$module/parameters/nested
        [ ! -e "$nested" ] || echo "kvm.nested=$(cat "$nested")"`),
    );
    const answer = await t.step('make a VM and a virtual CPU by KVM itself', () =>
      told(t.guest.$`cd ${at}; . ./machine.sh
        command -v perl >/dev/null || farm_error 'cannot ask KVM: there is no perl in the machine'
        perl -e ${probe} 2>kvm.log || fail "KVM does not work: $(last kvm.log)"`),
    );

    const { vcpu, ...facts } = { ...pairsIn(module), ...pairsIn(answer) };
    for (const [key, value] of Object.entries(facts)) {
      await t.fact(key, value);
    }
    assert.ok(facts['kvm.api'] === '12', `KVM's API is version ${facts['kvm.api']}, and not 12`);
    assert.ok(vcpu === 'made', 'KVM made no virtual CPU');
  },
} satisfies Scenario;
