/** Numbers of the descriptors that `open.pl` leaves to QEMU, by what Kata's command line names them. */
export const descriptors = {
  qmp: 20,
  tap: 21,
  'vhost-net': 22,
  'vhost-vsock': 23,
  'tap-2': 24,
  'vhost-net-2': 25,
  disk: 26,
} as const;

/**
 * Opens what Kata opens before it starts QEMU, and becomes QEMU: `open.pl CID COMMAND...`. What it could not open is
 * the farm's trouble, and said as `stand-in:`.
 * TUNSETIFF with IFF_TAP, IFF_NO_PI, IFF_VNET_HDR (linux/if_tun.h); VHOST_VSOCK_SET_GUEST_CID (linux/vhost.h).
 */
const open = `
  use POSIX (); use Socket;
  sub lost { print STDERR "stand-in: $_[0]: $!\\n"; exit 71 }
  sub leave { my ($number, $file) = @_; POSIX::dup2(fileno $file, $number) // lost("dup2") }
  sub device { open my $file, "+<", $_[0] or lost($_[0]); $file }
  sub tap {
    my $file = device("/dev/net/tun");
    ioctl $file, 0x400454ca, pack("a16 S x22", $_[0], 0x5002) or lost("TUNSETIFF");
    $file;
  }
  my $cid = shift @ARGV;
  socket my $qmp, PF_UNIX, SOCK_STREAM, 0 or lost("socket");
  bind $qmp, pack_sockaddr_un("qmp") or lost("bind");
  listen $qmp, 4 or lost("listen");
  my $vsock = device("/dev/vhost-vsock");
  ioctl $vsock, 0x4008af60, pack("Q", $cid) or lost("VHOST_VSOCK_SET_GUEST_CID");
  leave(${descriptors.qmp}, $qmp);
  leave(${descriptors.tap}, tap("tap0_kata"));
  leave(${descriptors['vhost-net']}, device("/dev/vhost-net"));
  leave(${descriptors['vhost-vsock']}, $vsock);
  leave(${descriptors['tap-2']}, tap("tap1_kata"));
  leave(${descriptors['vhost-net-2']}, device("/dev/vhost-net"));
  leave(${descriptors.disk}, device("disk"));
  exec { $ARGV[0] } @ARGV or lost($ARGV[0]);`;

/**
 * A vhost-user backend that answers as far as a device is made, on the socket \`share\`: so QEMU is not blamed for the
 * distro's virtiofsd, which has scenarios of its own. The requests are of QEMU's docs/interop/vhost-user.rst:
 * GET_FEATURES (virtio 1, protocol features), GET_PROTOCOL_FEATURES (multiqueue), GET_QUEUE_NUM, GET_VRING_BASE.
 */
const backend = `
  use Socket;
  socket my $door, PF_UNIX, SOCK_STREAM, 0 or die "socket: $!";
  bind $door, pack_sockaddr_un("share") or die "bind: $!";
  listen $door, 1 or die "listen: $!";
  accept my $qemu, $door or die "accept: $!";
  sub take {
    my ($size) = @_;
    my $bytes = "";
    while (length $bytes < $size) {
      sysread $qemu, $bytes, $size - length $bytes, length $bytes or exit;
    }
    $bytes;
  }
  my %answer = (1 => pack("Q", 1 << 32 | 1 << 30), 15 => pack("Q", 1), 17 => pack("Q", 64));
  while (1) {
    my ($request, $flags, $size) = unpack "L3", take(12);
    my $body = take($size);
    my $answer = $request == 11 ? $body : $answer{$request};
    defined $answer and syswrite $qemu, pack("L3", $request, 5, length $answer) . $answer;
  }`;

/** The stand-ins, by the names of their files. */
export const standIns = { 'open.pl': open, 'backend.pl': backend } as const;
