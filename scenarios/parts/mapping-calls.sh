# shellcheck shell=sh
# Calls that busybox has no command for (mmap, inotify, a socket by its path), by a Perl that the container is given.

# make_calls FOLDER: the machine's perl with the libraries that it is linked to, and a program for it.
make_calls() {
  mkdir -p "$1"
  calls_perl=$(readlink -f "$(command -v perl)")
  cp "$calls_perl" "$1/perl"
  for calls_library in $(ldd "$calls_perl" | tr -s ' \t' '\n' | grep '^/'); do cp -L "$calls_library" "$1/"; done
  write_calls "$1/calls.pl"
}

# called NAME COMMAND [WORD...]: one of the program's commands in a running container that has the folder at /calls.
called() {
  called_name=$1
  shift
  # shellcheck disable=SC2016 # The container's shell is meant.
  inside "$called_name" sh -c '"$(echo /calls/ld-*)" --library-path /calls /calls/perl /calls/calls.pl "$(uname -m)" "$@"' calls "$@"
}

# The kernel's numbers of calls are its ABI; no module of Perl's is needed.
write_calls() {
  cat >"$1" <<'PERL'
my ($machine, $command, @words) = @ARGV;
my %number = %{{
  x86_64 => { read => 0, mmap => 9, munmap => 11, inotify_add_watch => 254, inotify_init1 => 294 },
  aarch64 => { read => 63, mmap => 222, munmap => 215, inotify_add_watch => 27, inotify_init1 => 26 },
}->{$machine} || die "no numbers for $machine"};

# Writes a text to a file through memory that is shared with it.
sub map_file {
  my ($path, $text) = @_;
  open(my $file, '+<', $path) or return print "mmap.maps=$!\n";
  my $at = syscall($number{mmap}, 0, 4096, 3, 1, fileno($file), 0);
  return print "mmap.maps=$!\n" if $at == -1;
  pipe(my $from, my $to);
  syswrite($to, $text);
  syscall($number{read}, fileno($from), $at, length($text));
  syscall($number{munmap}, $at, 4096);
  print "mmap.maps=yes\n";
}

# Watches a folder while another makes a file in it, until the file named last is there; it has made one itself by then.
sub watch {
  my ($folder, $ready, $done) = @_;
  my $number = syscall($number{inotify_init1}, 2048);
  return print "inotify.within=$!\n" if syscall($number{inotify_add_watch}, $number, my $path = $folder, 256) == -1;
  open(my $made, '>', "$folder/within") or die "$folder: $!";
  open(my $said, '>', $ready) or die "$ready: $!";
  close($said);
  select(undef, undef, undef, 0.2) until -e $done;
  open(my $events, '<&=', $number) or die $!;
  my $seen = '';
  while (sysread($events, my $some, 4096)) { $seen .= $some }
  print "inotify.$_=", ($seen =~ /$_/ ? 'came' : 'nothing'), "\n" for 'within', 'outside';
}

# What one who listens at a socket says.
sub hear {
  my ($path) = @_;
  socket(my $socket, 1, 1, 0) or die $!;
  return print "socket.across=$!\n" unless connect($socket, pack('Sa108', 1, $path));
  print 'socket.across=', scalar(<$socket>);
}

{ map => \&map_file, watch => \&watch, hear => \&hear }->{$command}->(@words);
PERL
}
