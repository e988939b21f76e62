#!/usr/bin/env perl
# A flood: PROCESSES processes of the address SOURCE connect over and over for SECONDS seconds, each to one of the TARGETs
# in turn, read the first line, and close. Blocking calls in several processes cost the machine least, so that what is
# measured is the server; several target addresses, because a source has 28,000 ports for each, and a port rests for a
# minute. Prints how often each answer came (421, 220, or nothing), the seconds it took, and
# the seconds of CPU it used itself.
# Usage: flood.pl SOURCE PROCESSES SECONDS ADDRESS:PORT...
use strict;
use warnings;
use Socket qw(AF_INET SOCK_STREAM IPPROTO_IP pack_sockaddr_in inet_aton);
use Time::HiRes qw(time);

use constant IP_BIND_ADDRESS_NO_PORT => 24;    # linux/in.h: the port is chosen at connect

my ($source, $processes, $seconds, @targets) = @ARGV;
my $from = pack_sockaddr_in(0, inet_aton($source));
my $begun = time;
my @readers;
for my $n (0 .. $processes - 1) {
    pipe(my $reader, my $writer) or die "pipe: $!";
    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        my ($address, $port) = split /:/, $targets[$n % @targets];
        my $to = pack_sockaddr_in($port, inet_aton($address));
        my %answers;
        while (time < $begun + $seconds) {
            my ($s, $line) = (undef, '');
            socket($s, AF_INET, SOCK_STREAM, 0) or die "socket: $!";
            setsockopt($s, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, pack('i', 1));
            sysread($s, $line, 512) if bind($s, $from) && connect($s, $to);
            close $s;
            $answers{ $line =~ /^(\d{3})/ ? $1 : 'nothing' }++;
        }
        print $writer "$_ $answers{$_}\n" for keys %answers;
        close $writer;
        exit 0;
    }
    close $writer;
    push @readers, $reader;
}
my %all;
for my $reader (@readers) {
    while (<$reader>) { $all{$1} += $2 if /^(\S+) (\d+)/ }
}
1 while wait != -1;
printf "seconds %.3f\n", time - $begun;
my @used = times;
printf "cpu %.3f\n", $used[0] + $used[1] + $used[2] + $used[3];
print "$_ $all{$_}\n" for sort keys %all;
