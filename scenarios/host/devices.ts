import assert from 'node:assert/strict';
import { basename } from 'node:path';
import type { Scenario } from '../../src/scenario.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

/**
 * Each device that Kata opens, the modules that may make it (the first that loads will do: one that exists and was not
 * loaded is no verdict), and a question that only the real device answers: KVM_GET_API_VERSION (linux/kvm.h),
 * VHOST_SET_OWNER (linux/vhost.h), TUNGETFEATURES (linux/if_tun.h).
 */
const devices = [
  { path: '/dev/kvm', modules: 'kvm_intel kvm_amd', question: 0xae00 },
  { path: '/dev/vhost-vsock', modules: 'vhost_vsock', question: 0xaf01 },
  { path: '/dev/vhost-net', modules: 'vhost_net', question: 0xaf01 },
  { path: '/dev/net/tun', modules: 'tun', question: 0x800454cf },
] as const;

const ask = `
  my ($path, $question) = @ARGV;
  -e $path or print("not there\\n"), exit;
  -c $path or print("not a character device\\n"), exit;
  open my $device, "+<", $path or print("cannot be opened: $!\\n"), exit;
  my $answer = pack "L2", 0, 0;
  defined ioctl $device, $question, $question == 0xae00 || $question == 0xaf01 ? 0 : $answer
    or print("does not answer: $!\\n"), exit;
  print "ok\\n";`;

export default {
  title: 'The devices that Kata opens are there and answer',
  on: ['host'],
  needs: { devices: devices.map(({ path }) => path), kernel: true },
  stepSeconds: 15,

  async run(t) {
    const questions = devices
      .map(({ path, modules, question }) => `${path} ${question} ${modules}`)
      .join('\n');

    const answers = await t.step('open each device and ask it something', () =>
      told(t.guest.$`printf '%s\n' ${questions} | while read -r path question modules; do
          for module in $modules; do [ -e "$path" ] || modprobe "$module" || true; done
          echo "$(basename "$path")=$(perl -e ${ask} "$path" "$question")"
        done`),
    );

    const answerOf = pairsIn(answers);
    for (const { path } of devices) {
      const name = basename(path);
      const answer = answerOf[name] ?? 'no answer';
      await t.fact(`device.${name}`, answer);
      assert.ok(answer === 'ok', `${path}: ${answer}`);
    }
  },
} satisfies Scenario;
