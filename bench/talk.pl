#!/usr/bin/perl
# What a shell can't: talks to a machine's sockets, with each step as the farm takes it.
#   talk.pl QMP CHANNEL BASE64 [STATE]
# lets the machine go on (from STATE, if it is a clone) and runs a script in it by its channel; prints the host's port of
# its SSH, and the script's answer in base64.
use strict;
use warnings;
use IO::Select;
use IO::Socket::UNIX;

my ($qmp, $channel, $script, $state) = @ARGV;
alarm 900;

sub dial {
    my ($path) = @_;
    for (;;) {
        my $socket = IO::Socket::UNIX->new(Peer => $path);
        return $socket if $socket;
        select undef, undef, undef, 0.02;
    }
}

my $socket = dial($qmp);
# Before the machine goes on: what is sent while its side reopens the port is lost.
my $line = dial($channel);

sub ask {
    my ($command, $arguments) = @_;
    syswrite $socket, qq({"execute": "$command", "arguments": {$arguments}}\n);
    while (my $said = <$socket>) {
        return $said if $said =~ /^\{"return"/;
        die "$command: $said" if $said =~ /^\{"error"/;
    }
    die "$command: QEMU ended\n";
}

sub go_on {
    my ($from) = @_;
    ask('migrate-set-capabilities', '"capabilities": [{"capability": "x-ignore-shared", "state": true}]');
    ask('migrate-incoming', qq("uri": "exec:cat '$from'"));
    for (;;) {
        my $status = ask('query-migrate', '');
        last if $status =~ /"status": "completed"/;
        die $status if $status =~ /"status": "(failed|cancelled)"/;
        select undef, undef, undef, 0.01;
    }
    ask('cont', '');
}

ask('qmp_capabilities', '');
go_on($state) if defined $state;

my ($token, $read, $ready) = ("bench$$", '', IO::Select->new($line));
syswrite $line, "$token $script\n";
until ($read =~ /^$token .*\n/m) {
    if ($ready->can_read(1)) {
        sysread($line, $read, 65536, length $read) or die "QEMU ended\n";
    } else {
        # The heartbeat that the farm sends as well.
        syswrite $line, "\n";
    }
}
my ($answer) = $read =~ /^$token (.*)\n/m;

my ($port) = ask('human-monitor-command', '"command-line": "info usernet"')
    =~ /HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)/ or die "no port is forwarded\n";
print "$port $answer\n";
